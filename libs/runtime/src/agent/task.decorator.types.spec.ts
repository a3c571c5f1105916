import { describe, it } from '@jest/globals';
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

abstract class Handlers {
  @Task(payments.refund, { timeout: '30s' })
  abstract whole(request: Order, context: TaskContext): Promise<Receipt>;

  @Task(payments.refund)
  abstract withoutContext(request: Order): Promise<Receipt>;

  @Task(payments.refund)
  abstract withMoreThanAsked(request: Pick<Order, 'orderId'>): Promise<Receipt & { by: string }>;

  @Task(payments.close)
  abstract answersNothing(request: Order): Promise<void>;

  // @ts-expect-error a request of another shape
  @Task(payments.refund)
  abstract otherRequest(request: Receipt): Promise<Receipt>;

  // @ts-expect-error a result of another shape
  @Task(payments.refund)
  abstract otherResult(request: Order): Promise<Order>;

  // @ts-expect-error a result that is no promise
  @Task(payments.refund)
  abstract atOnce(request: Order): Receipt;

  // @ts-expect-error more arguments than a handler gets
  @Task(payments.refund)
  abstract withMore(request: Order, context: TaskContext, more: string): Promise<Receipt>;

  // @ts-expect-error no time that a machine understands
  @Task(payments.refund, { timeout: 'soon' })
  abstract late(request: Order): Promise<Receipt>;
}

describe('the handler of a task', () => {
  it('compiles only with the request and the result of its contract', () => {
    type Declared = keyof Handlers;
    const declared: Declared = 'whole';
    void declared;
  });
});
