// #region task
import { Agent, Task, type TaskContext } from '@lockstep/runtime';
import { type RefundReceipt, type RefundRequest, refunds } from './refunds.contracts.js';
import { modelTarget } from './targets.js';

@Agent(refunds)
export class CarefulRefundsAgent {
  constructor(private readonly desk: Desk) {}

  /** The role as a whole: none of its work begins while the model is away. */
  @Task(refunds.refund, { target: modelTarget })
  refund(request: RefundRequest, task: TaskContext): Promise<RefundReceipt> {
    return this.desk.refund(request, task);
  }
}
// #endregion task

/** Does what the agent is there for. */
interface Desk {
  refund(request: RefundRequest, task: TaskContext): Promise<RefundReceipt>;
}
