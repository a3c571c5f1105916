// #region agent
import { Agent, Task, type TaskContext } from '@lockstep/runtime';
import { Bank } from './bank.js';
import { refundEffect } from './refund.effect.js';
import { refundJob, type RefundReceipt, type RefundRequest, refunds } from './refunds.contracts.js';

@Agent(refunds)
export class RefundsAgent {
  constructor(private readonly bank: Bank) {}

  @Task(refunds.refund, { timeout: '30s' })
  async refund(request: RefundRequest, task: TaskContext): Promise<RefundReceipt> {
    const text = await task.step('describe', () => `refund for ${request.orderId}`); // recorded once
    const state = task.state(refundJob);
    await state.merge({ phase: 'waiting', notes: [text] });
    if (request.amountCents > 50_000) {
      const { by } = await task.signal(refundJob.signals.confirm); // holds no worker
      await state.merge({ notes: [`confirmed by ${by}`] });
    }
    const use = { key: request.orderId, input: request };
    const { entryId } = await task.effect(refundEffect(this.bank), use); // once per order
    await state.merge({ phase: 'paid' });
    return { entryId };
  }
}
// #endregion agent
