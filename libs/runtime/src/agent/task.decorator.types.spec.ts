import { describe, expect, it } from '@jest/globals';
import { Nothing, role, task } from '@lockstep/contracts';
import { IsInt, IsString } from 'class-validator';
import type { TaskContext } from '../context/task-context.js';
import { Task } from './task.decorator.js';

class Order {
  @IsString() orderId!: string;
}
class Receipt {
  @IsInt() cents!: number;
}
const payments = role('payments', { refund: task(Order, Receipt), close: task(Order, Nothing) });

const receipt = (cents: number): Promise<Receipt> => Promise.resolve({ cents });

// Compiled and never called: what a handler may look like, and what it may not.
class Handlers {
  @Task(payments.refund, { timeout: '30s' })
  whole(request: Order, context: TaskContext): Promise<Receipt> {
    return context.step(request.orderId, () => receipt(1));
  }

  @Task(payments.refund)
  withoutContext({ orderId }: Order): Promise<Receipt> {
    return receipt(orderId.length);
  }

  @Task(payments.refund)
  async withMoreThanAsked({ orderId }: Pick<Order, 'orderId'>): Promise<Receipt & { by: string }> {
    return { ...(await receipt(1)), by: orderId };
  }

  @Task(payments.close)
  async answersNothing(): Promise<void> {
    await receipt(1);
  }

  // @ts-expect-error a request of another shape
  @Task(payments.refund)
  otherRequest({ cents }: Receipt): Promise<Receipt> {
    return receipt(cents);
  }

  // @ts-expect-error a result of another shape
  @Task(payments.refund)
  otherResult(request: Order): Promise<Order> {
    return Promise.resolve(request);
  }

  // @ts-expect-error a result that is no promise
  @Task(payments.refund)
  atOnce({ orderId }: Order): Receipt {
    return { cents: orderId.length };
  }

  // @ts-expect-error more arguments than a handler gets
  @Task(payments.refund)
  withMore(_request: Order, _context: TaskContext, cents: number): Promise<Receipt> {
    return receipt(cents);
  }
}

describe('the types of a task’s handler', () => {
  it('are those of its contract, checked by the compiler', () => {
    expect(Object.getOwnPropertyNames(Handlers.prototype)).toContain('whole');
  });

  it('have times that a machine understands', () => {
    // @ts-expect-error none of those
    expect(() => Task(payments.refund, { timeout: 'soon' })).toThrow('timeout is undefined ms');
  });
});
