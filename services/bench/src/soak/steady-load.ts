// Users of the gateway, who come at an even rate whether or not those before them are done.

import { randomUUID } from 'node:crypto';
import { devNull } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { WALK, type WalkPlan } from '../jobs/jobs.js';
import { walk } from '../lockstep/contracts.js';

const GAP_MS = 20;
/** Under way at once: when the system stalls, nobody else comes until somebody is done. */
const MOST = 500;
/** Of so many workflows, one has effects in the place of steps. */
const ACTS_ONE_OF = 10;
const KEPT_FAILURES = 10;

export class SteadyLoad {
  completed = 0;
  failed = 0;
  /** Why, of the first of them, and how long after their start. */
  readonly failures: string[] = [];
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly gatewayUrl: string) {}

  /** Starts workflows until it is told to end. @returns when every one that was started has ended */
  async run(end: AbortSignal): Promise<void> {
    const beganMs = performance.now();
    for (let nth = 0; !end.aborted; nth += 1) {
      await untilOr(beganMs + nth * GAP_MS, end);
      if (this.underWay.size >= MOST) await Promise.race(this.underWay);
      this.startOne({ ...WALK, diary: devNull, acts: nth % ACTS_ONE_OF === 0 });
    }
    await Promise.all(this.underWay);
  }

  private startOne(plan: WalkPlan): void {
    const one = this.counted(plan).finally(() => this.underWay.delete(one));
    this.underWay.add(one);
  }

  private async counted(plan: WalkPlan): Promise<void> {
    const beganMs = performance.now();
    try {
      await this.toItsEnd(plan);
      this.completed += 1;
    } catch (error) {
      this.failed += 1;
      const tookMs = Math.round(performance.now() - beganMs);
      if (this.failures.length < KEPT_FAILURES)
        this.failures.push(`${tookMs} ms: ${String(error)}`);
    }
  }

  /** @throws Error when it is refused, or has no result within a minute */
  private async toItsEnd(plan: WalkPlan): Promise<void> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
    const body = JSON.stringify({ type: walk.type, request: plan });
    const started = await this.answer('/v1/workflows', 201, { method: 'POST', headers, body });
    const { id } = JSON.parse(started) as { readonly id: string };
    await this.answer(`/v1/workflows/${id}/result?wait=60s`, 200);
  }

  private async answer(path: string, status: number, request: RequestInit = {}): Promise<string> {
    const answer = await fetch(new URL(path, this.gatewayUrl), request);
    const text = await answer.text();
    if (answer.status !== status) throw new Error(`${answer.status} of ${path}: ${text}`);
    return text;
  }
}

/** @param atMs - by `performance.now()`; a time that has passed is not waited for, and the next ones catch up */
async function untilOr(atMs: number, end: AbortSignal): Promise<void> {
  const restMs = atMs - performance.now();
  if (restMs > 0) await pause(restMs, undefined, { signal: end }).catch(() => undefined);
}
