import type { RequestOf } from '@lockstep/contracts';
import {
  bookingKey,
  type Booking,
  type BookRequest,
  payments,
  type ToolAnswer,
} from '@lockstep/retail/contracts';
import { ShopTools } from '@lockstep/retail/effects';
import { BankClient } from '@lockstep/retail/shop';
import { Agent, Task, type TaskContext } from '@lockstep/runtime';
import { bookEffect } from './book.effect.js';

type ChangeRequest = RequestOf<typeof payments.modifyPendingOrderPayment>;

/** Moves money. */
@Agent(payments)
export class PaymentsAgent {
  constructor(
    private readonly tools: ShopTools,
    private readonly bank: BankClient,
  ) {}

  @Task(payments.modifyPendingOrderPayment, { timeout: '30s' })
  modifyPendingOrderPayment(request: ChangeRequest, task: TaskContext): Promise<ToolAnswer> {
    return this.tools.write('modify_pending_order_payment', request, task);
  }

  @Task(payments.book, { timeout: '30s' })
  book(request: BookRequest, task: TaskContext): Promise<Booking> {
    return task.effect(bookEffect(this.bank), { key: bookingKey(request), input: request });
  }
}
