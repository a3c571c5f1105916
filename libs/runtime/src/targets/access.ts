// The way of one operation to its target.
//
//   A1. It asks before it acts, and before anything is recorded that could be in doubt.
//   A2. While it is refused it waits: for moments in its place, else suspended, on a timer of its log. Neither costs an
//       attempt of its policy.
//   A3. It is inside the target's share of the process while it waits in its place, too.
//   A4. A task that only settles what is open asks nobody: it cannot be suspended, and its outcome is wanted.

import { randomUUID } from 'node:crypto';
import { deferralsInARow, type DeferralReason, type OperationNumber } from '@lockstep/kernel';
import type { AdmitReply } from '@lockstep/store';
import { taskEvent } from '../execution/ending.js';
import { repeatUntilAnswered } from '../execution/repeat.js';
import type { TaskExecution } from '../execution/task-execution.js';
import { LONGEST_HELD_WAIT_MS } from '../execution/waits.js';
import { FREE_PERMIT, type Permit } from './permit.js';
import type { Target } from './target.js';

export interface AccessUse {
  readonly execution: TaskExecution;
  readonly op: OperationNumber;
  /** As the journal knows the operation: `step classify`. */
  readonly name: string;
  readonly target: Target | undefined;
  /** Aborted when the operation must not go on. */
  readonly stop: AbortSignal;
}

/** How long a permit lasts longer than the action that it is for, unit ms. */
const MARGIN_MS = 5000;
/** Waits for a place in the process double from here to the cap, with jitter, unit ms. */
const BUSY_BASE_MS = 200;
const BUSY_CAP_MS = 10_000;
/** Part of a wait that chance may add, so that processes which were told the same come apart. */
const JITTER = 0.2;

type Asked =
  { readonly permit: Permit } | { readonly reason: DeferralReason; readonly waitMs: number };

export class Access {
  constructor(private readonly use: AccessUse) {}

  /** Does the work inside the target's share of the process; when that is taken, defers it and does nothing. */
  async inside(work: () => Promise<unknown>): Promise<void> {
    const { execution, target } = this.use;
    if (!target || this.onlySettles()) {
      await work(); // A4
      return;
    }
    const leave = execution.ports.targets.enter(target, execution.claimed.claim);
    if (!leave) return this.defer(target, 'busy', this.busyMs());
    try {
      await work(); // A3
    } finally {
      leave();
    }
  }

  /**
   * Asks until it may act; null when it waits suspended, or need not act any more.
   *
   * @param actionMs - how long the action may take
   */
  async admit(actionMs: number): Promise<Permit | null> {
    const { target } = this.use;
    if (!target || this.onlySettles()) return FREE_PERMIT; // A4
    for (let heldMs = 0; !this.onlySettles();) {
      const asked = await this.ask(target, Math.ceil(actionMs) + MARGIN_MS);
      if ('permit' in asked) return asked.permit;
      heldMs += asked.waitMs;
      if (heldMs > LONGEST_HELD_WAIT_MS) {
        await this.defer(target, asked.reason, asked.waitMs);
        return null;
      }
      await this.use.execution.ports.clock.delay(asked.waitMs, this.use.stop);
    }
    return null;
  }

  private onlySettles(): boolean {
    return this.use.execution.isSettling;
  }

  private async ask(target: Target, leaseMs: number): Promise<Asked> {
    const { op, execution, stop } = this.use;
    const { claimed, ports } = execution;
    const ask = { permit: randomUUID(), who: `${claimed.wf} ${claimed.task} ${op}`, leaseMs };
    const askedAtMs = ports.clock.monotonicMs();
    const admit = (): Promise<AdmitReply> => ports.targets.admit(target, ask);
    const reply = await repeatUntilAnswered(admit, ports.clock, stop);
    if (reply.reply === 'admitted')
      return { permit: this.permitOf(target, ask.permit, askedAtMs + leaseMs) };
    const waitMs = Math.ceil(reply.retryInMs * (1 + JITTER * ports.clock.random()));
    return { reason: reply.reply, waitMs };
  }

  private permitOf(target: Target, permit: string, endsAtMs: number): Permit {
    const { clock, targets } = this.use.execution.ports;
    const beganMs = clock.monotonicMs();
    let isOut = true;
    return {
      covers: (actionMs) => clock.monotonicMs() + actionMs < endsAtMs,
      report: (outcome) => {
        if (isOut) targets.report(target, permit, outcome, clock.monotonicMs() - beganMs);
        isOut = false;
      },
    };
  }

  /** A2 */
  private async defer({ name: target }: Target, reason: DeferralReason, retryInMs: number) {
    const { execution, op, name } = this.use;
    const meta = { name, target, reason, retryInMs };
    const event = taskEvent(execution.claimed, 'AttemptDeferred', meta, op);
    await execution.record([{ event, timerMs: retryInMs }]);
  }

  private busyMs(): number {
    const { execution, op } = this.use;
    const before = deferralsInARow(execution.journal.recorded(op));
    const ceilingMs = Math.min(BUSY_CAP_MS, BUSY_BASE_MS * 2 ** before);
    return Math.ceil(ceilingMs * (0.5 + execution.ports.clock.random() / 2));
  }
}
