// The heartbeat: keeps this process's lease in every partition, and compares what both sides believe is held.
//
//   H1. A beat lists every claim that is held or on its way; beats are numbered, and a claim carries the number of
//       the beat before it. So a claim that a beat could not list yet is never taken for forgotten (S6).
//   H2. The process lets go of a partition's tasks by itself when no beat was acknowledged there for as long as
//       the lease runs, by its own monotonic clock from when that beat was sent. A claim on its way stays: the store
//       grants it to none but a registered process, so its answer says more than an old beat.
//   H3. A claim of which a beat says that it is gone may have been released by an append whose answer is still on its
//       way: it is taken for lost only if it is held a moment later.
//   H4. A beat that got no answer is followed by the next; nothing here waits for the one before for ever.

import { setTimeout as pause } from 'node:timers/promises';
import type { WorkerId } from '@lockstep/kernel';
import type { DrainOrder, HeartbeatReply, Store } from '@lockstep/store';
import type { Clock } from '../execution/clock.js';
import { ClaimLost } from './claimed-task.js';
import type { Hold } from './hold.js';
import type { Holds } from './holds.js';

export interface HeartbeatOptions {
  /** What the process reads: `<role>@<major>`. */
  readonly inbox: string;
  readonly everyMs: number;
  readonly leaseMs: number;
}

/** What somebody may want to count. */
export interface HeartbeatEvents {
  beaten(seconds: number, failed: number): void;
  lost(why: 'taken' | 'lease'): void;
  wronglyGivenUp(): void;
  /** A person told the process to drain; once. */
  ordered(order: DrainOrder): void;
}

export class Heartbeat {
  private readonly ended = new AbortController();
  private readonly acknowledgedMs: number[];
  private number = 0;
  private wrongGuessAt = 0;
  private order: DrainOrder | null = null;
  private looping: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Pick<Store, 'heartbeat' | 'partitions'>,
    private readonly worker: WorkerId,
    private readonly holds: Holds,
    private readonly options: HeartbeatOptions,
    private readonly clock: Clock,
    private readonly events: HeartbeatEvents,
  ) {
    this.acknowledgedMs = Array.from({ length: store.partitions.count }, () => -Infinity);
  }

  /** The number of the last beat; what a claim carries. */
  get beat(): number {
    return this.number;
  }

  /** Registers the process everywhere. @throws what the store threw, when it has no answer */
  async start(): Promise<void> {
    this.number += 1;
    await Promise.all(this.everywhere().map((partition) => this.send(partition, this.number)));
    this.looping = this.loop();
  }

  /** A beat of its own for one partition, whose store does not know this process. */
  async register(partition: number): Promise<void> {
    this.number += 1;
    await this.send(partition, this.number);
  }

  /** The last beat: what is still held goes back at once, and the lease ends. */
  async stop(): Promise<void> {
    this.ended.abort();
    await this.looping;
    this.number += 1;
    const last = this.everywhere().map((partition) =>
      this.store.heartbeat(partition, this.worker, this.number, 0, []),
    );
    await Promise.allSettled(last);
  }

  private async loop(): Promise<void> {
    while (await this.untilNextBeat()) {
      this.letGoOfExpired();
      await this.beatEverywhere();
    }
  }

  /** False when there is none. */
  private async untilNextBeat(): Promise<boolean> {
    const { signal } = this.ended;
    return pause(this.options.everyMs, true, { signal }).catch(() => false);
  }

  private async beatEverywhere(): Promise<void> {
    this.number += 1;
    const sentMs = this.clock.monotonicMs();
    const beats = this.everywhere().map((partition) => this.send(partition, this.number));
    const answers = await Promise.race([Promise.allSettled(beats), this.tooLate()]); // H4
    const failed = answers.filter(({ status }) => status === 'rejected').length;
    this.events.beaten((this.clock.monotonicMs() - sentMs) / 1000, failed);
  }

  private async tooLate(): Promise<PromiseSettledResult<void>[]> {
    await pause(this.options.everyMs, undefined, { ref: false });
    return [{ status: 'rejected', reason: 'no answer yet' }];
  }

  private async send(partition: number, beat: number): Promise<void> {
    const { leaseMs, inbox } = this.options;
    const about = { inbox, order: this.order };
    const sentMs = this.clock.monotonicMs();
    const holds = this.holds.of(partition);
    const listed = holds.map((hold) => hold.listed);
    const reply = await this.store.heartbeat(partition, this.worker, beat, leaseMs, listed, about);
    this.acknowledgedMs[partition] = Math.max(this.acknowledgedMs[partition] ?? 0, sentMs);
    const granted = holds.filter((_, at) => listed[at]?.claim !== null);
    this.heed(beat, reply, granted);
  }

  private heed(
    beat: number,
    { lost, woken, wronglyGivenUp, order }: HeartbeatReply,
    granted: readonly Hold[],
  ): void {
    for (const gone of lost) {
      for (const hold of granted.filter((each) => isOf(each, gone)))
        void this.loseIfStillHeld(hold);
    }
    for (const { wokenAt, ...task } of woken) {
      for (const hold of granted.filter((each) => isOf(each, task))) hold.woken(wokenAt);
    }
    if (wronglyGivenUp) this.countWrongGuess(beat);
    if (order) this.obey(order);
  }

  /** Each partition may tell of it, and each beat does. */
  private obey(order: DrainOrder): void {
    if (this.order) return;
    this.order = order;
    this.events.ordered(order);
  }

  /** One guess is told by the store of every partition, to the same beat. */
  private countWrongGuess(beat: number): void {
    if (beat === this.wrongGuessAt) return;
    this.wrongGuessAt = beat;
    this.events.wronglyGivenUp();
  }

  /** H3 */
  private async loseIfStillHeld(hold: Hold): Promise<void> {
    await pause(ANSWER_MS, undefined, { ref: false });
    this.lose(hold, 'taken');
  }

  /** H2 */
  private letGoOfExpired(): void {
    const beforeMs = this.clock.monotonicMs() - this.options.leaseMs;
    for (const partition of this.everywhere()) {
      if ((this.acknowledgedMs[partition] ?? 0) > beforeMs) continue;
      const granted = this.holds.of(partition).filter(({ listed }) => listed.claim !== null);
      for (const hold of granted) this.lose(hold, 'lease');
    }
  }

  private lose(hold: Hold, why: keyof typeof REASONS): void {
    if (hold.lost.aborted || !this.holds.has(hold)) return;
    const { wf, task, claim } = hold;
    hold.lose(new ClaimLost(REASONS[why], { wf, task, claim }));
    this.events.lost(why);
  }

  private everywhere(): number[] {
    return [...this.acknowledgedMs.keys()];
  }
}

/** In which the answer to an append comes, unit ms. Meanwhile the store refuses what a lost claim appends. */
const ANSWER_MS = 100;

const REASONS = {
  taken: 'the store gave the task to another, or took it back',
  lease: 'the lease ended: no heartbeat was acknowledged',
};

const isOf = (hold: Hold, { wf, task }: Pick<Hold, 'wf' | 'task'>): boolean =>
  hold.wf === wf && hold.task === task;
