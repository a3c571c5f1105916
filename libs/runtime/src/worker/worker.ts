// A worker: one process of a role. Reads deliveries, claims them, and hands each to the runner.
//
//   W1. What is read takes a place before it is claimed, and keeps it until the task is let go. One that is to be
//       alone sits out the times of its open attempts before it takes all places.
//   W2. Ending goes in this order: read no more, tell the tasks, wait for them for a bounded time, hand on what was
//       read and not claimed, and send the last heartbeat, which gives back what is still held.
//   W3. One that is drained does the same but for the last heartbeat: it is seen until its process ends.

import { setTimeout as pause } from 'node:timers/promises';
import type { Delivery, InboxReader } from '@lockstep/store';
import type { TaskWorker } from '../strategy/lockstep-strategy.js';
import type { Clock } from '../execution/clock.js';
import { repeatUntilAnswered } from '../execution/repeat.js';
import { ShuttingDown, type TaskHandler, type TaskRunner } from './claimed-task.js';
import type { Claimed, Claimer } from './claimer.js';
import { DeliveryLoop, type DeliveryLoopEvents } from './delivery-loop.js';
import type { Heartbeat } from './heartbeat.js';
import type { Holds } from './holds.js';
import type { GiveBack, Places } from './places.js';
import type { SitOut } from './sit-out.js';

export interface WorkerEvents extends DeliveryLoopEvents {
  /** A delivery was claimed, after it lay in its inbox for so long, or was another's. */
  claimed: (reply: 'ok' | 'taken', seconds: number, waitedSeconds: number) => void;
}

export interface WorkerParts {
  readonly inbox: Pick<InboxReader, 'open' | 'read' | 'reclaim' | 'forget' | 'handOn' | 'leave'>;
  readonly places: Places;
  readonly sitOut: Pick<SitOut, 'passed'>;
  readonly holds: Holds;
  readonly heartbeat: Heartbeat;
  readonly claimerOf: (handlers: ReadonlyMap<string, TaskHandler>) => Claimer;
  readonly runner: TaskRunner;
  readonly clock: Clock;
  readonly events: WorkerEvents;
}

/** A consumer that read nothing for this long has ended, unit ms. */
const ENDED_MS = 600_000;
/** How long tasks may take to be handed back, unit ms. */
const HAND_BACK_MS = 8000;

export class Worker implements TaskWorker {
  private readonly busy = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private loop: DeliveryLoop | undefined;
  private drained: Promise<void> | undefined;

  constructor(private readonly parts: WorkerParts) {}

  /** From its start to the beginning of its end. */
  get isRunning(): boolean {
    return this.loop?.stopped === false;
  }

  /** Waits for as long as the store refuses to write. @throws when it is stopped meanwhile */
  async start(handlers: ReadonlyMap<string, TaskHandler>): Promise<void> {
    const { inbox, heartbeat, places, clock, events, claimerOf } = this.parts;
    const claimer = claimerOf(handlers);
    const accept = (delivery: Delivery): void => {
      this.accept(claimer, delivery);
    };
    await this.untilAnswered(() => inbox.open());
    await this.untilAnswered(() => inbox.forget(ENDED_MS));
    await this.untilAnswered(() => heartbeat.start());
    this.loop = new DeliveryLoop(inbox, places, clock, accept, events);
    this.loop.start();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    if (!this.loop) return;
    await this.drain('the process ends');
    await this.parts.heartbeat.stop();
  }

  /** Hands back what it holds, and takes no more; resolves when that is done. Once, however often it is asked for. */
  drain(why: string): Promise<void> {
    this.drained ??= this.handBack(why);
    return this.drained;
  }

  private async handBack(why: string): Promise<void> {
    const { events, holds, inbox } = this.parts;
    const read = this.loop?.stop() ?? Promise.resolve();
    this.stopping.abort();
    holds.loseAll(new ShuttingDown(why));
    await Promise.race([this.settled(read), pause(HAND_BACK_MS, undefined, { ref: false })]);
    await inbox.leave().catch(events.failed);
  }

  /** A server that is full, or cannot write, may do so again. */
  private untilAnswered<T>(call: () => Promise<T>): Promise<T> {
    return repeatUntilAnswered(call, this.parts.clock, this.stopping.signal);
  }

  private async settled(read: Promise<void>): Promise<void> {
    await read;
    await Promise.all(this.busy);
  }

  private accept(claimer: Claimer, delivery: Delivery): void {
    const done = this.handle(claimer, delivery)
      .catch(this.parts.events.failed)
      .finally(() => this.busy.delete(done));
    this.busy.add(done);
  }

  private async handle(claimer: Claimer, delivery: Delivery): Promise<void> {
    const readAtMs = this.parts.clock.monotonicMs();
    const giveBack = await this.place(delivery, readAtMs);
    try {
      const claimed = await this.claim(claimer, delivery, readAtMs);
      if (claimed) await this.run(claimed);
    } finally {
      giveBack();
    }
  }

  /** W1 */
  private async place(delivery: Delivery, readAtMs: number): Promise<GiveBack> {
    const { places, sitOut } = this.parts;
    if (delivery.alone) await sitOut.passed(delivery, readAtMs, this.stopping.signal);
    return places.take(delivery.alone);
  }

  private async claim(
    claimer: Claimer,
    delivery: Delivery,
    readAtMs: number,
  ): Promise<Claimed | null> {
    if (!this.isRunning) return null;
    const beganMs = this.parts.clock.monotonicMs();
    const claimed = await claimer.claim(delivery, readAtMs).catch((error: unknown) => {
      this.leaveToOthers(delivery);
      throw error;
    });
    const seconds = (this.parts.clock.monotonicMs() - beganMs) / 1000;
    this.parts.events.claimed(claimed ? 'ok' : 'taken', seconds, this.waitedSeconds(delivery));
    return claimed;
  }

  /** By two clocks: the store's when it was delivered, and this machine's; never below 0. */
  private waitedSeconds({ message }: Delivery): number {
    return Math.max(0, this.parts.clock.wallMs() - Number.parseInt(message, 10)) / 1000;
  }

  /** One who understands it reads it at once; this process looks away for a while, or it would come back. */
  private leaveToOthers(delivery: Delivery): void {
    this.loop?.lookAway();
    this.parts.inbox.handOn([delivery]).catch(this.parts.events.failed);
  }

  private async run({ hold, task, handler }: Claimed): Promise<void> {
    try {
      await this.parts.runner.run(task, handler);
    } finally {
      this.parts.holds.end(hold);
    }
  }
}
