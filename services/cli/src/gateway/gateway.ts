// The gateway's HTTP API, for one command.

import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import { NoGateway, type Problem, Refused } from './problem.js';

/** Longer than the gateway itself takes for anything but a stream. */
const PATIENCE_MS = 90_000;

export interface Address {
  /** Without a slash at its end. */
  readonly url: string;
  readonly apiKey?: string | undefined;
  /** Aborted when the command is to end. */
  readonly signal: AbortSignal;
}

/** What names a command, and what it may rely on. */
export interface Decision {
  /** A repeat under it changes nothing. */
  readonly commandId: string;
  /** Refused when the workflow is at another version. */
  readonly ifVersion?: number | undefined;
}

export class Gateway {
  constructor(private readonly address: Address) {}

  /** The JSON text that a route answers. @throws Refused, CliError */
  async read(path: string): Promise<string> {
    const answer = await this.ask(path);
    return this.reached(answer.text());
  }

  /** What a command answers. @throws Refused, CliError */
  async command(path: string, body: object, decision: Decision): Promise<object> {
    const { commandId, ifVersion } = decision;
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': commandId,
      ...(ifVersion !== undefined && { 'if-match': `"${ifVersion}"` }),
    };
    try {
      const answer = await this.ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await this.reached(answer.json())) as object;
    } catch (error) {
      throw repeatable(error, commandId);
    }
  }

  /** An answer that is read as it comes. @throws Refused, CliError */
  async stream(path: string, headers: Readonly<Record<string, string>>): Promise<Response> {
    return this.ask(path, { headers }, this.address.signal);
  }

  private async ask(
    path: string,
    request: RequestInit = {},
    until?: AbortSignal,
  ): Promise<Response> {
    const { url, apiKey, signal } = this.address;
    const headers = { ...request.headers, ...(apiKey && { authorization: `Bearer ${apiKey}` }) };
    const patience = until ?? AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
    const answer = await this.reached(
      fetch(`${url}${path}`, { ...request, headers, signal: patience }),
    );
    if (answer.ok) return answer;
    throw await this.refusal(answer);
  }

  private async reached<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      return await answer;
    } catch (error) {
      if (this.address.signal.aborted) throw error;
      throw new CliError(
        EXIT.unreachable,
        `the gateway at ${this.address.url} does not answer: ${reasonOf(error)}`,
        'start it (npm start), or name another by --url or LOCKSTEP_URL',
        { cause: error },
      );
    }
  }

  private async refusal(answer: Response): Promise<CliError> {
    if (answer.headers.get('content-type')?.startsWith('application/problem+json')) {
      return new Refused((await answer.json()) as Problem);
    }
    await answer.body?.cancel();
    return new NoGateway(this.address.url, answer.status);
  }
}

/** When nobody knows whether a command came through, the same command finds out. */
function repeatable(error: unknown, commandId: string): unknown {
  if (!(error instanceof CliError)) return error;
  if (error instanceof Refused && error.isDefinite) return error;
  return error.suggest(
    `whether it was done is not known: repeat it with --command-id ${commandId}`,
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return cause.message || ((cause as NodeJS.ErrnoException).code ?? error.message);
}
