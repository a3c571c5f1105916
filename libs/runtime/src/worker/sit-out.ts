// What a task that is to be held alone waits for before it is claimed: the times of its open attempts (E5).
//
//   O1. It counts as one that a place was read for, as what waits in a process is to be bounded, and takes none:
//       others work, alone or beside each other.
//   O2. It is not claimed yet, and so none of its code runs: if the process dies now, that says nothing of the task.
//   O3. Its message stays with this process, for which the time runs since the message was read.

import type { Delivery, InboxReader, LogReader } from '@lockstep/store';
import { boundOfAll } from '../effects/effect-use.js';
import type { Clock } from '../execution/clock.js';
import { repeatUntilAnswered } from '../execution/repeat.js';
import type { Places } from './places.js';

export interface SitOutPorts {
  readonly log: Pick<LogReader, 'all'>;
  readonly inbox: Pick<InboxReader, 'keep'>;
  readonly places: Places;
  readonly clock: Clock;
}

/** Shorter than the time after which others take a message over, unit ms. */
const KEEP_EVERY_MS = 1000;

export class SitOut {
  constructor(private readonly ports: SitOutPorts) {}

  /**
   * Resolves when no attempt of an earlier claim can be acting any more, or the process is `stopping`.
   *
   * @param readAtMs - when the delivery was read, by the monotonic clock
   */
  async passed(delivery: Delivery, readAtMs: number, stopping: AbortSignal): Promise<void> {
    const giveBack = this.ports.places.sitOut(); // O1
    try {
      const boundMs = await this.boundOf(delivery, stopping);
      await this.until(readAtMs + boundMs, delivery, stopping);
    } catch (error) {
      if (!stopping.aborted) throw error;
    } finally {
      giveBack();
    }
  }

  private async boundOf({ wf, task, born }: Delivery, stopping: AbortSignal): Promise<number> {
    const { log, clock } = this.ports;
    const history = await repeatUntilAnswered(() => log.all(wf, born), clock, stopping);
    return boundOfAll(task, history);
  }

  private async until(endMs: number, delivery: Delivery, stopping: AbortSignal): Promise<void> {
    const { clock, inbox } = this.ports;
    for (;;) {
      const leftMs = endMs - clock.monotonicMs();
      if (leftMs <= 0) return;
      await clock.delay(Math.min(leftMs, KEEP_EVERY_MS), stopping);
      await inbox.keep(delivery).catch(() => undefined); // O3: whoever takes it over sits it out as well
    }
  }
}
