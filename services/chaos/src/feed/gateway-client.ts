import { setTimeout as wait } from 'node:timers/promises';
import type { Standing, WorkflowId } from '@lockstep/kernel';
import type { CallOff } from '../programs/call-off.js';

const RETRY_AFTER_MS = 100;
/** A gateway that is frozen is asked again. */
const ANSWERS_WITHIN_MS = 5000;
/** Views come behind what is recorded. */
const SHOWN_WITHIN_MS = 30_000;

type Doubt = Extract<Standing['options'][number], { readonly action: 'settle' }> &
  Pick<Standing, 'sinceMs'>;

/** A client of the gateway that does not give up: it repeats what was not answered, as it was. */
export class GatewayClient {
  /** @param signal - ends all waiting */
  constructor(
    private readonly url: string,
    private readonly signal: AbortSignal,
  ) {}

  /** Starts a workflow, once for a key. @throws Error when it is refused */
  async start(key: string, type: string, request: unknown): Promise<WorkflowId> {
    const answer = await this.#post('/v1/workflows', key, { type, request });
    const body = await answer.text();
    if (!answer.ok) throw new Error(`the gateway refused ${key}: ${body}`);
    return (JSON.parse(body) as { readonly id: WorkflowId }).id;
  }

  /** Sends a signal, once for a key; nothing comes of it when the workflow has ended. */
  async tell(wf: WorkflowId, name: string, key: string): Promise<void> {
    await this.#post(`/v1/workflows/${wf}/signals/${name}`, key, {});
  }

  /** Why each open task of a workflow does not go on, as JSON. */
  async standing(wf: WorkflowId): Promise<string> {
    return (await this.#patiently(`/v1/workflows/${wf}/standing`)).text();
  }

  /** Has what is in doubt asked about again, as a person would who cannot know. @returns how much was in doubt */
  async askAgain(wf: WorkflowId): Promise<number> {
    const doubts = await this.#doubts(wf);
    for (const { task, op, sinceMs } of doubts) {
      const path = `/v1/workflows/${wf}/effects/${encodeURIComponent(task)}/${op}/settle`;
      const told = { verdict: 'probe-again', reason: 'the outside world may answer by now' };
      await this.#post(path, `${task}-${op}-${sinceMs}`, told);
    }
    return doubts.length;
  }

  async #doubts(wf: WorkflowId): Promise<Doubt[]> {
    const untilMs = Date.now() + SHOWN_WITHIN_MS;
    for (;;) {
      const { standing } = JSON.parse(await this.standing(wf)) as { readonly standing: Standing[] };
      const doubts = standing.flatMap(({ options, sinceMs }) =>
        options.flatMap((each) => (each.action === 'settle' ? [{ ...each, sinceMs }] : [])),
      );
      if (doubts.length > 0 || Date.now() > untilMs) return doubts;
      await wait(RETRY_AFTER_MS, undefined, { signal: this.signal });
    }
  }

  /** A person ends it. @returns whether that was in time */
  async callOff(wf: WorkflowId, how: CallOff, key: string): Promise<boolean> {
    const command = how === 'roll back' ? 'rollback' : 'cancel';
    const body = { reason: 'no longer wanted' };
    const undoes = { rollback: how === 'cancel and undo' };
    const told = command === 'cancel' ? { ...body, ...undoes } : body;
    return (await this.#post(`/v1/workflows/${wf}/${command}`, key, told)).ok;
  }

  #post(path: string, key: string, body: unknown): Promise<Response> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': key };
    return this.#patiently(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async #patiently(path: string, request: RequestInit = {}): Promise<Response> {
    for (;;) {
      this.signal.throwIfAborted();
      const signal = AbortSignal.any([this.signal, AbortSignal.timeout(ANSWERS_WITHIN_MS)]);
      const answer = await fetch(new URL(path, this.url), { ...request, signal }).catch(
        () => undefined,
      );
      if (answer && answer.status < 500 && answer.status !== 429) return answer;
      await answer?.body?.cancel();
      await wait(RETRY_AFTER_MS, undefined, { signal: this.signal });
    }
  }
}
