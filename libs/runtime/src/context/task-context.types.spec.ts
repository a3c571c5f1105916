import { describe, expect, it } from '@jest/globals';
import { Append, role, signal, Sum, task, workflow } from '@lockstep/contracts';
import { IsInt, IsString } from 'class-validator';
import { expectTypeOf } from 'expect-type';
import { effect } from '../effects/definition.js';
import type { TaskContext } from './task-context.js';

class Order {
  @IsString() orderId!: string;
}
class Refund {
  @IsInt() cents!: number;
}
class Progress {
  @Sum() refunded!: number;
  @Append() notes!: string[];
}

const payments = role('payments', { refund: task(Order, Refund) });
const job = workflow('job', {
  root: payments.refund,
  state: Progress,
  signals: { approve: signal(Refund) },
});
const refund = effect<{ cents: number }, { id: string }>('refund', {
  perform: () => Promise.resolve({ id: 'r-1' }),
});

// Compiled and never run: what a handler may write, and what it may not.
export async function handler(context: TaskContext): Promise<void> {
  expectTypeOf(await context.call(payments.refund, { orderId: '#1' })).toEqualTypeOf<Refund>();
  expectTypeOf(await context.handoff(payments.refund, { orderId: '#1' })).toEqualTypeOf<Refund>();
  expectTypeOf(await context.step('n', () => 1)).toEqualTypeOf<number>();
  expectTypeOf(await context.step('n', async () => Promise.resolve('a'))).toEqualTypeOf<string>();
  expectTypeOf(await context.signal(job.signals.approve)).toEqualTypeOf<Refund>();
  expectTypeOf(await context.state(job).read()).toEqualTypeOf<Readonly<Progress>>();
  const receipt = await context.effect(refund, { key: '#1', input: { cents: 5 } });
  expectTypeOf(receipt).toEqualTypeOf<{ id: string }>();
  const [one, two] = await context.all([
    context.call(payments.refund, { orderId: '#1' }),
    context.step('text', () => 'text'),
  ]);
  expectTypeOf(one).toEqualTypeOf<Refund>();
  expectTypeOf(two).toEqualTypeOf<string>();

  // @ts-expect-error a request of another shape
  await context.call(payments.refund, { order: '#1' });
  // @ts-expect-error a field of another type
  await context.call(payments.refund, { orderId: 1 });
  // @ts-expect-error an input of another shape
  await context.effect(refund, { key: '#1', input: { amount: 5 } });
  // @ts-expect-error an effect without a key
  await context.effect(refund, { input: { cents: 5 } });
  // @ts-expect-error a field that the state does not have
  await context.state(job).merge({ unknown: 1 });
  // @ts-expect-error a value of another type
  await context.state(job).merge({ refunded: 'much' });
  // @ts-expect-error no time that a machine understands
  await context.sleep('soon');
  // @ts-expect-error a name instead of a contract
  await context.call('payments.refund', { orderId: '#1' });
}

describe('the types of a task’s context', () => {
  it('are checked by the compiler, without a cast', () => {
    expect(handler).toHaveLength(1);
  });
});
