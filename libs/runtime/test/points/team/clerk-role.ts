import type { RequestOf } from '@lockstep/contracts';
import { bookingKey, type ToolAnswer } from '@lockstep/retail/contracts';
import { ShopTools, TeamConfig } from '@lockstep/retail/effects';
import { BankClient, type BankEntry } from '@lockstep/retail/shop';
import { Agent, runAgent, Task, type TaskContext } from '@lockstep/runtime';
import { Inject, Module } from '@nestjs/common';
import { type Cancelled, type Refund, team } from './contracts.js';
import { theBank, theShop } from './outside.js';

const { clerk, cancelling } = team;

/** Has the bank book an entry. */
export type Book = (bank: BankClient, entry: BankEntry, task: TaskContext) => Promise<void>;

const BOOK = Symbol('book');

@Agent(clerk)
class Clerk {
  constructor(
    private readonly tools: ShopTools,
    private readonly bank: BankClient,
    @Inject(BOOK) private readonly book: Book,
  ) {}

  @Task(clerk.order, { timeout: '60s' })
  order(request: RequestOf<typeof clerk.order>, task: TaskContext): Promise<ToolAnswer> {
    return this.tools.read('get_order_details', request, task);
  }

  @Task(clerk.customer, { timeout: '60s' })
  customer(request: RequestOf<typeof clerk.customer>, task: TaskContext): Promise<ToolAnswer> {
    return this.tools.read('get_user_details', request, task);
  }

  @Task(clerk.refund, { timeout: '60s' })
  async refund(request: Refund, task: TaskContext): Promise<Cancelled> {
    const { database, orderId, payment, read } = request;
    const reference = bookingKey(request);
    const entry = { reference, database, order_id: orderId, ...payment };
    await this.book(this.bank, entry, task);
    await task.state(cancelling).merge({ done: ['refunded'], refunded: payment.amount });
    return { read, reference };
  }
}

/** Runs a process of the role. */
export async function runClerk(book: Book): Promise<void> {
  @Module({
    controllers: [Clerk],
    providers: [theShop, theBank, { provide: BOOK, useValue: book }],
  })
  class ClerkModule {}

  await runAgent(ClerkModule, { config: TeamConfig });
}
