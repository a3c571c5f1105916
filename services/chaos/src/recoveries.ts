import { setTimeout as wait } from 'node:timers/promises';
import type { EventType, RecordedEvent, Version } from '@lockstep/kernel';
import type { LogReader } from '@lockstep/store';
import type { Diary } from '@lockstep/testing';
import type { Injected } from './faults/injector.js';
import type { FaultKind } from './faults/kinds.js';
import type { HeldTask } from './faults/strike.js';

/** How a task leaves its process by itself: it was on its way when the fault struck. */
const LEFT: ReadonlySet<EventType> = new Set<EventType>([
  ...(['TaskCompleted', 'TaskFailed', 'TaskSuspended', 'TaskHandedOff', 'TaskCancelled'] as const),
]);
const LOOK_EVERY_MS = 100;

interface Interrupted extends HeldTask {
  readonly kind: FaultKind;
  readonly struckAtMs: number;
  readonly version: Version;
}

interface Awaited {
  readonly kind: FaultKind;
  readonly overAtMs: number;
  /** When work last went on. */
  readonly resumedAtMs: () => number;
}

/** Kinds whose victims hold no task: how long nothing at all went on tells how they were survived. */
const OF_ALL = /^(redis|supervisor|projector|gateway|connections|replies)-/;

/**
 * How long it took until what a fault struck went on. A task that its victim held: from the strike until it was begun
 * anew. All else: from the end of the fault, or from a kill, until anything went on. A task that several faults struck
 * counts for each of them.
 */
export class Recoveries {
  readonly #timesMs = new Map<FaultKind, number[]>();
  #interrupted: Interrupted[] = [];
  #awaited: Awaited[] = [];

  /** @param versionOf - of a workflow, as far as it is known now */
  constructor(
    private readonly log: LogReader,
    private readonly diary: Diary,
    private readonly versionOf: (task: HeldTask) => Version,
  ) {}

  /** By kind of fault; unit ms. */
  get timesMs(): ReadonlyMap<FaultKind, readonly number[]> {
    return this.#timesMs;
  }

  /** Follows what a fault struck. @param resumedAtMs - when work that it can interrupt last went on */
  struck({ kind, atMs, held, over }: Injected, resumedAtMs: () => number): void {
    const tasks = held.map((task) => ({ ...task, version: this.versionOf(task) }));
    this.#interrupted.push(...tasks.map((task) => ({ ...task, kind, struckAtMs: atMs })));
    if (!OF_ALL.test(kind)) return;
    const wait = (): void => void this.#awaited.push({ kind, overAtMs: Date.now(), resumedAtMs });
    over.then(wait, () => undefined); // who injects it is told
  }

  /** Looks until it is aborted. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look();
      await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Notes what has gone on since. */
  async look(): Promise<void> {
    this.#lookAtAwaited();
    await this.#lookAtInterrupted();
  }

  #lookAtAwaited(): void {
    this.#awaited = this.#awaited.filter(({ kind, overAtMs, resumedAtMs }) => {
      const tookMs = resumedAtMs() - overAtMs;
      if (tookMs > 0) this.#note(kind, tookMs);
      return tookMs <= 0;
    });
  }

  async #lookAtInterrupted(): Promise<void> {
    const looked = await Promise.all(
      this.#interrupted.map(async (task) => ({ task, next: await this.#next(task) })),
    );
    const decided = looked.filter(({ next }) => next !== undefined);
    for (const { task, next } of decided) {
      if (next?.type === 'TaskStarted') this.#recovered(task, next.atMs - task.struckAtMs);
    }
    const done = new Set(decided.map(({ task }) => task));
    this.#interrupted = this.#interrupted.filter((task) => !done.has(task));
  }

  async #next(interrupted: Interrupted): Promise<RecordedEvent | undefined> {
    const { wf, task, version, struckAtMs } = interrupted;
    for await (const event of this.log.read(wf, version + 1)) {
      const decides = event.type === 'TaskStarted' || LEFT.has(event.type);
      if (event.task === task && event.atMs >= struckAtMs && decides) return event;
    }
    return undefined;
  }

  #recovered({ kind, wf, task }: Interrupted, tookMs: number): void {
    this.#note(kind, tookMs);
    this.diary.note('recovered', { kind, wf, task, tookMs });
  }

  #note(kind: FaultKind, tookMs: number): void {
    this.#timesMs.set(kind, [...(this.#timesMs.get(kind) ?? []), Math.max(0, tookMs)]);
  }
}
