import { setTimeout as wait } from 'node:timers/promises';
import type { Version, WorkflowId } from '@lockstep/kernel';
import { inOneGo, type Partitions } from '@lockstep/store';
import type { Redis } from 'ioredis';

const LOOK_EVERY_MS = 50;
/** Without any fault nothing stands still for so long; while faults strike, all that moves may be struck again. */
const STUCK_AFTER_MS = 60_000;

/** How far a workflow has come. */
export interface Progress {
  readonly version: Version;
  readonly status: string;
  /** Tasks that have not ended. */
  readonly open: number;
}

/** What became of a workflow: its status, `parked` where it waits for a person, `stuck` where nothing happens. */
export type Outcome = 'completed' | 'failed' | 'cancelled' | 'parked' | 'stuck';

interface Watched extends Progress {
  readonly ended: (outcome: Outcome) => void;
  readonly progressedAtMs: number;
}

const ENDED = new Set(['completed', 'failed', 'cancelled']);

/** Looks at workflows, in the store itself, until nothing of them is left to do. */
export class Watch {
  readonly #watched = new Map<WorkflowId, Watched>();
  #progressedAtMs = 0;
  #calmSinceMs = Infinity;

  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
  ) {}

  get inFlight(): number {
    return this.#watched.size;
  }

  /** When any of them last went on, by the wall clock. */
  get progressedAtMs(): number {
    return this.#progressedAtMs;
  }

  /** From now on no fault strikes. */
  calm(): void {
    this.#calmSinceMs = Date.now();
  }

  versionOf(wf: WorkflowId): Version {
    return this.#watched.get(wf)?.version ?? 0;
  }

  /**
   * Resolves when the workflow has ended, with all that it left behind, or when it cannot.
   *
   * @param signal - ends the waiting @throws its reason when it is aborted
   */
  async end(wf: WorkflowId, signal: AbortSignal): Promise<Outcome> {
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    const giveUp = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    const nothing = { version: 0, status: '', open: 0, progressedAtMs: Date.now() };
    this.#watched.set(wf, { ...nothing, ended: resolve });
    return promise.finally(() => {
      signal.removeEventListener('abort', giveUp);
      this.#watched.delete(wf);
    });
  }

  /** Looks until it is aborted. While the store is away it waits. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#look();
      await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const wfs = [...this.#watched.keys()];
    if (wfs.length === 0) return;
    const heads = await inOneGo(this.redis, wfs, (pipeline, wf) =>
      pipeline.hmget(this.partitions.head(wf), 'version', 'status', 'open', 'parked'),
    );
    const nowMs = Date.now();
    for (const [at, wf] of wfs.entries()) this.#see(wf, heads[at] as (string | null)[], nowMs);
  }

  #see(wf: WorkflowId, head: readonly (string | null)[], nowMs: number): void {
    const before = this.#watched.get(wf);
    if (!before) return;
    const [version, open, parked] = [Number(head[0]), Number(head[2]), Number(head[3])];
    const status = head[1] ?? '';
    const hasMoved = version !== before.version;
    if (hasMoved) this.#progressedAtMs = nowMs;
    const progressedAtMs = hasMoved ? nowMs : before.progressedAtMs;
    this.#watched.set(wf, { ...before, version, status, open, progressedAtMs });
    if (ENDED.has(status) && open === 0) before.ended(status as Outcome);
    else if (parked > 0) before.ended('parked');
    else if (nowMs - Math.max(progressedAtMs, this.#calmSinceMs) > STUCK_AFTER_MS)
      before.ended('stuck');
  }
}
