// The way of a task as a whole to its target: a permit for each claim, asked for before its handler begins.
//
//   T1. While it is refused it waits as an operation does (A2), on the timer of operation 0, the task itself.
//   T2. The permit lasts as long as the claim may: what is left of a handler after that can append nothing.
//   T3. Only a handler that came to its end says something of the target; one that suspends gives its permit back,
//       and asks again when it is claimed anew.

import { CallFailed } from '@lockstep/kernel';
import type { TargetOutcome } from '@lockstep/store';
import type { Outcome } from '../execution/ending.js';
import type { TaskExecution } from '../execution/task-execution.js';
import type { TaskHandler } from '../worker/claimed-task.js';
import { Access } from './access.js';
import { FREE_PERMIT, outcomeOf, type Permit } from './permit.js';

export class TaskAccess {
  private permit: Permit = FREE_PERMIT;

  constructor(
    private readonly execution: TaskExecution,
    private readonly handler: Pick<TaskHandler, 'contract' | 'options'>,
  ) {}

  /** Does the work when the task's target lets it through; null when the task waits until it does. */
  async through(work: () => Promise<Outcome>): Promise<Outcome | null> {
    const { target, timeoutMs } = this.handler.options;
    if (!target) return work();
    const name = `task ${this.handler.contract.name}`;
    const { execution } = this;
    const access = new Access({ execution, op: 0, name, target, stop: execution.stop });
    try {
      const permit = await access.admit(timeoutMs); // T2
      if (!permit) return null;
      this.permit = permit;
    } catch (error) {
      return execution.stop.aborted ? null : { as: 'failed', error };
    }
    const outcome = await work();
    this.permit.report(told(outcome));
    return outcome;
  }

  /** The process holds the task no more (T3). */
  leave(): void {
    const { claimed, ports } = this.execution;
    const heldMs = ports.clock.monotonicMs() - claimed.readAtMs;
    this.permit.report(heldMs < this.handler.options.timeoutMs ? 'unused' : 'timed-out');
  }
}

/** Of a call that failed, the role that was called tells its own target. */
function told(outcome: Outcome): TargetOutcome {
  if (outcome.as !== 'failed' || outcome.error instanceof CallFailed) return 'ok';
  return outcomeOf(outcome.error);
}
