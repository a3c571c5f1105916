import { setTimeout as wait } from 'node:timers/promises';
import type { WorkflowContract } from '@lockstep/contracts';
import type { JobResult } from '@lockstep/retail/contracts';

/** What the gateway says of a workflow that is over. */
export type End<Result> =
  | { readonly workflow: string; readonly result: Result }
  /** It ended `failed`, with the message of the error that nobody caught. */
  | { readonly workflow: string; readonly failure: string }
  | { readonly problem: string };

/** What became of a job; several may be of one workflow. */
export type JobEnd = End<JobResult>;

const POLL = '30s';
const RETRY_AFTER_MS = 250;

/** A user of the gateway: starts workflows and waits for their ends. */
export class GatewayClient {
  /**
   * @param signal - ends all waiting: what is not over then is told as a problem
   * @param key - of the API; none for a gateway that has none
   */
  constructor(
    private readonly url: string,
    private readonly signal: AbortSignal,
    private readonly key?: string,
  ) {}

  /** Starts a workflow, once for a key, and waits until it is over. */
  async run<Request, Result>(
    key: string,
    { type }: WorkflowContract<Request, Result, unknown, unknown>,
    request: NoInfer<Request>,
  ): Promise<End<Result>> {
    try {
      return await this.#end(await this.#start(key, { type, request }));
    } catch (error) {
      if (this.signal.aborted) return { problem: `${key} did not end` };
      throw error;
    }
  }

  async #end<Result>(workflow: string): Promise<End<Result>> {
    for (;;) {
      const answer = await this.#patiently(`/v1/workflows/${workflow}/result?wait=${POLL}`);
      const body = await answer.text();
      if (answer.status === 202) continue;
      if (answer.ok) return { workflow, result: (JSON.parse(body) as { result: Result }).result };
      const problem = JSON.parse(body) as Problem;
      const [failure] = causesOf(problem);
      if (problem.code === 'WorkflowFailed' && failure !== undefined) return { workflow, failure };
      return { problem: [problem.detail, ...causesOf(problem)].join(': ') };
    }
  }

  async #start(key: string, start: { type: string; request: unknown }): Promise<string> {
    const answer = await this.#patiently('/v1/workflows', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(start),
    });
    const body = await answer.text();
    if (!answer.ok) throw new Error(`the gateway refused ${key}: ${body}`);
    return (JSON.parse(body) as { id: string }).id;
  }

  /** Asks again while the gateway is away or busy: a start has its key, the rest only reads. */
  async #patiently(path: string, request: RequestInit = {}): Promise<Response> {
    for (;;) {
      try {
        const answer = await fetch(new URL(path, this.url), {
          ...request,
          headers: this.#headers(request),
          signal: this.signal,
        });
        if (answer.status < 500 && answer.status !== 429) return answer;
        await answer.body?.cancel();
      } catch (error) {
        if (this.signal.aborted) throw error;
      }
      await wait(RETRY_AFTER_MS, undefined, { signal: this.signal });
    }
  }

  #headers(request: RequestInit): Headers {
    const headers = new Headers(request.headers);
    if (this.key !== undefined) headers.set('authorization', `Bearer ${this.key}`);
    return headers;
  }
}

/** Why it is so, outermost first; empty where the problem does not say it. */
const causesOf = ({ details }: Problem): string[] =>
  details?.error?.map(({ message }) => message) ?? [];

/** As of RFC 9457, with the error chain of what parked the workflow. */
interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly details?: { readonly error?: readonly { readonly message: string }[] };
}
