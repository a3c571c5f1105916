import { setTimeout as wait } from 'node:timers/promises';
import { type Job, type JobResult, retailJob } from '@lockstep/retail/contracts';

/** What the gateway says of a job that is over. */
export type JobEnd =
  { readonly workflow: string; readonly result: JobResult } | { readonly problem: string };

const POLL = '30s';
const RETRY_AFTER_MS = 250;

/** A user of the gateway: starts jobs and waits for their ends. */
export class GatewayClient {
  /** @param signal - ends all waiting: what is not over then is told as a problem */
  constructor(
    private readonly url: string,
    private readonly signal: AbortSignal,
  ) {}

  /** Starts a job, once for a key, and waits until it is over. */
  async run(key: string, job: Job): Promise<JobEnd> {
    try {
      return await this.#end(await this.#start(key, job));
    } catch (error) {
      if (this.signal.aborted) return { problem: `job ${key} did not end` };
      throw error;
    }
  }

  async #end(workflow: string): Promise<JobEnd> {
    for (;;) {
      const answer = await this.#patiently(`/v1/workflows/${workflow}/result?wait=${POLL}`);
      const body = await answer.text();
      if (answer.status === 202) continue;
      if (!answer.ok) return { problem: problemText(body) };
      return { workflow, result: (JSON.parse(body) as { result: JobResult }).result };
    }
  }

  async #start(key: string, request: Job): Promise<string> {
    const answer = await this.#patiently('/v1/workflows', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify({ type: retailJob.type, request }),
    });
    const body = await answer.text();
    if (!answer.ok) throw new Error(`the gateway refused job ${key}: ${body}`);
    return (JSON.parse(body) as { id: string }).id;
  }

  /** Asks again while the gateway is away or busy: a start has its key, the rest only reads. */
  async #patiently(path: string, request: RequestInit = {}): Promise<Response> {
    for (;;) {
      try {
        const answer = await fetch(new URL(path, this.url), { ...request, signal: this.signal });
        if (answer.status < 500 && answer.status !== 429) return answer;
        await answer.body?.cancel();
      } catch (error) {
        if (this.signal.aborted) throw error;
      }
      await wait(RETRY_AFTER_MS, undefined, { signal: this.signal });
    }
  }
}

/** What went wrong and, where the problem says it, why. */
function problemText(body: string): string {
  const problem = JSON.parse(body) as Problem;
  const why = problem.details?.error?.map(({ message }) => message) ?? [];
  return [problem.detail, ...why].join(': ');
}

/** As of RFC 9457, with the error chain of what parked the workflow. */
interface Problem {
  readonly detail: string;
  readonly details?: { readonly error?: readonly { readonly message: string }[] };
}
