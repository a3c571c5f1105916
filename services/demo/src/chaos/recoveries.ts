import { setTimeout as wait } from 'node:timers/promises';
import type { EventType, RecordedEvent } from '@lockstep/kernel';
import type { LogReader } from '@lockstep/store';
import type { Diary } from '@lockstep/testing';
import type { InterruptedTask } from './held-work.js';

interface Watched extends InterruptedTask {
  readonly kill: number;
  readonly killedAtMs: number;
}

const LOOK_EVERY_MS = 100;

/** How a task leaves its process by itself: what was on its way when the process died still arrived. */
const LEFT: readonly EventType[] = [
  'TaskCompleted',
  'TaskFailed',
  'TaskSuspended',
  'TaskHandedOff',
];

/** Follows interrupted tasks until another process has taken them up, by their logs. */
export class Recoveries {
  #watched: Watched[] = [];
  readonly #interrupting = new Set<number>();
  /** From a kill to the moment at which another process took the task up; one for each task. */
  readonly timesMs: number[] = [];

  constructor(
    private readonly log: LogReader,
    private readonly diary: Diary,
  ) {}

  /** How many tasks are waiting to be taken up. */
  get open(): number {
    return this.#watched.length;
  }

  /** Kills that interrupted held work. */
  get interruptingKills(): number {
    return new Set([...this.#interrupting, ...this.#watched.map(({ kill }) => kill)]).size;
  }

  watch(kill: number, killedAtMs: number, tasks: readonly InterruptedTask[]): void {
    this.#watched.push(...tasks.map((task) => ({ ...task, kill, killedAtMs })));
  }

  /** Looks until it is aborted. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look();
      await wait(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Notes what has been taken up since. */
  async look(): Promise<void> {
    for (const task of this.#watched) {
      const next = await this.#next(task);
      if (next === undefined) continue;
      this.#watched = this.#watched.filter((other) => other !== task);
      if (next.type !== 'TaskStarted') continue;
      this.#interrupting.add(task.kill);
      const tookMs = Math.max(0, next.atMs - task.killedAtMs);
      this.timesMs.push(tookMs);
      this.diary.note('recovered', { kill: task.kill, wf: task.wf, task: task.task, tookMs });
    }
  }

  async #next({ wf, task, version }: Watched): Promise<RecordedEvent | undefined> {
    for await (const event of this.log.read(wf, version + 1)) {
      const decides = event.type === 'TaskStarted' || LEFT.includes(event.type);
      if (event.task === task && decides) return event;
    }
    return undefined;
  }
}
