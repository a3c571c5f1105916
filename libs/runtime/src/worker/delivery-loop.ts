// Reads deliveries for as many places as are free, and hands each on at once.
//
//   L1. It reads only while a place is free, and at most as many messages as are.
//   L2. Every turn is short, also when there is nothing to do: a loop without turns is stuck.
//   L3. An error of the store ends a turn and not the loop.
//   L4. What a process read and did not claim within seconds is taken over, before anything new: that process may
//       be dead, or wait for all its places. Either may still claim it; one will (S4).

import type { Delivery, InboxReader, Reclaimed } from '@lockstep/store';
import type { Clock } from '../execution/clock.js';
import type { Places } from './places.js';

export interface DeliveryLoopEvents {
  /** A turn has ended. */
  turned: (seconds: number) => void;
  /** Deliveries that somebody had read and not claimed. */
  reclaimed: (found: Reclaimed) => void;
  failed: (error: unknown) => void;
}

/** Longest wait of a turn, unit ms. */
const WAIT_MS = 500;
/** How long a delivery may lie between its reading and its claim; and how often others look, unit ms. */
const FORGOTTEN_MS = 2000;
const RECLAIM_EVERY_MS = 1000;
const LOOK_AWAY_MS = 5000;
const AFTER_ERROR_MS = 250;

export class DeliveryLoop {
  private readonly stopping = new AbortController();
  private reclaimedMs = -Infinity;
  private looping: Promise<void> = Promise.resolve();

  constructor(
    private readonly inbox: Pick<InboxReader, 'read' | 'reclaim'>,
    private readonly places: Places,
    private readonly clock: Clock,
    private readonly onDelivery: (delivery: Delivery) => void,
    private readonly events: DeliveryLoopEvents,
  ) {}

  get stopped(): boolean {
    return this.stopping.signal.aborted;
  }

  start(): void {
    this.looping = this.loop();
  }

  /** Resolves when it reads no more. */
  stop(): Promise<void> {
    this.stopping.abort();
    return this.looping;
  }

  /** Leaves what others did not claim to others, for some seconds. */
  lookAway(): void {
    this.reclaimedMs = this.clock.monotonicMs() + LOOK_AWAY_MS;
  }

  private async loop(): Promise<void> {
    while (!this.stopped) {
      const beganMs = this.clock.monotonicMs();
      try {
        await this.turn();
      } catch (error) {
        await this.recover(error); // L3
      }
      this.events.turned((this.clock.monotonicMs() - beganMs) / 1000);
    }
  }

  private async turn(): Promise<void> {
    const free = await this.places.free(WAIT_MS);
    if (free === 0 || this.stopped) return; // L1
    for (const delivery of await this.next(free)) this.onDelivery(delivery);
    await this.claimsAreOut();
  }

  /** They are asked for in this turn of the event loop and sent at its end, in one call: the next read comes behind it. */
  private async claimsAreOut(): Promise<void> {
    await new Promise(setImmediate);
    await new Promise(setImmediate);
  }

  private async next(free: number): Promise<readonly Delivery[]> {
    const forgotten = await this.reclaim(free);
    if (forgotten.length > 0) return forgotten;
    return this.inbox.read({ count: free, blockMs: WAIT_MS });
  }

  /** L4 */
  private async reclaim(free: number): Promise<readonly Delivery[]> {
    const nowMs = this.clock.monotonicMs();
    if (nowMs - this.reclaimedMs < RECLAIM_EVERY_MS) return [];
    this.reclaimedMs = nowMs;
    const found = await this.inbox.reclaim({ count: free, idleMs: FORGOTTEN_MS });
    this.events.reclaimed(found);
    return found.deliveries;
  }

  private async recover(error: unknown): Promise<void> {
    this.events.failed(error);
    await this.clock.delay(AFTER_ERROR_MS, this.stopping.signal).catch(() => undefined);
  }
}
