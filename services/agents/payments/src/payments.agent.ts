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
import { Agent, type AnyEffect, type HasEffects, Task, type TaskContext } from '@lockstep/runtime';
import { bookEffect } from './book.effect.js';

type ChangeRequest = RequestOf<typeof payments.modifyPendingOrderPayment>;

/** Moves money. */
@Agent(payments)
export class PaymentsAgent implements HasEffects {
  readonly effects: readonly AnyEffect[];
  private readonly booking: ReturnType<typeof bookEffect>;

  constructor(
    private readonly tools: ShopTools,
    bank: BankClient,
  ) {
    this.booking = bookEffect(bank);
    this.effects = [...tools.effects('modify_pending_order_payment'), this.booking];
  }

  @Task(payments.modifyPendingOrderPayment, { timeout: '30s' })
  modifyPendingOrderPayment(request: ChangeRequest, task: TaskContext): Promise<ToolAnswer> {
    return this.tools.write('modify_pending_order_payment', request, task);
  }

  @Task(payments.book, { timeout: '30s' })
  async book(request: BookRequest, task: TaskContext): Promise<Booking> {
    const key = bookingKey(request);
    const { reference } = await task.effect(this.booking, { key, input: request });
    return { reference };
  }
}
