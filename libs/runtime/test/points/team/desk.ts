import { writeKey } from '@lockstep/retail/contracts';
import { ShopTools, TeamConfig } from '@lockstep/retail/effects';
import { digestOf, type Order, paymentEntriesOf } from '@lockstep/retail/shop';
import {
  Agent,
  type AnyEffect,
  type HasEffects,
  runAgent,
  Task,
  type TaskContext,
} from '@lockstep/runtime';
import { Module } from '@nestjs/common';
import { type Cancelled, team, type Wish } from './contracts.js';
import { theShop } from './outside.js';

const { desk, clerk, cancelling } = team;

@Agent(desk)
export class Desk implements HasEffects {
  readonly effects: readonly AnyEffect[];

  constructor(private readonly tools: ShopTools) {
    this.effects = tools.effects('cancel_pending_order');
  }

  @Task(desk.cancel, { timeout: '60s' })
  async cancel({ database, userId, orderId }: Wish, task: TaskContext): Promise<Cancelled> {
    const place = { database, job: 'cancel', index: 0 };
    const asked = { ...place, arguments: { order_id: orderId } };
    const before = await this.tools.read('get_order_details', asked, task);
    const answers = await task.all([
      task.call(clerk.order, asked),
      task.call(clerk.customer, { ...place, arguments: { user_id: userId } }),
    ]);
    const cancel = {
      ...place,
      arguments: { order_id: orderId, reason: 'ordered by mistake' as const },
    };
    const done = await this.tools.write('cancel_pending_order', cancel, task);
    await task.state(cancelling).merge({ done: ['cancelled'] });
    await task.sleep(20);
    const [payment] = paymentEntriesOf('cancel_pending_order', done.value as Order);
    return task.handoff(clerk.refund, {
      ...{ database, orderId, entry: 0, write: writeKey('cancel_pending_order', cancel) },
      payment: payment!,
      read: [before, ...answers, done].map((answer) => digestOf(answer)),
    });
  }
}

@Module({
  controllers: [Desk],
  providers: [theShop],
})
export class DeskModule {}

await runAgent(DeskModule, { config: TeamConfig });
