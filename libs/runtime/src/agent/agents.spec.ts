import { describe, expect, it } from '@jest/globals';
import { Nothing, role, task } from '@lockstep/contracts';
import { Controller, Module } from '@nestjs/common';
import { Agent } from './agent.decorator.js';
import { roleOfModule } from './agents.js';

const orders = role('orders', { find: task(Nothing, Nothing) });
const payments = role('payments', { pay: task(Nothing, Nothing) });

@Agent(orders)
class OrdersAgent {}

@Agent(payments)
class PaymentsAgent {}

@Controller()
class Plain {}

@Module({ controllers: [Plain, OrdersAgent] })
class OrdersModule {}

describe('the role of a module', () => {
  it('is that of its agents', () => {
    expect(roleOfModule(OrdersModule)).toBe(orders);
  });

  it('is that of the modules it imports', () => {
    @Module({ imports: [OrdersModule] })
    class Outer {}
    expect(roleOfModule(Outer)).toBe(orders);
  });

  it('is that of the controllers it is given when it is made', () => {
    @Module({})
    class Made {}
    expect(roleOfModule({ module: Made, controllers: [PaymentsAgent] })).toBe(payments);
  });

  it('must be there', () => {
    @Module({ controllers: [Plain] })
    class Empty {}
    expect(() => roleOfModule(Empty)).toThrow(
      'Empty has no agent: list a class with @Agent(role) among its controllers',
    );
  });

  it('must be one', () => {
    @Module({ imports: [OrdersModule], controllers: [PaymentsAgent] })
    class Both {}
    expect(() => roleOfModule(Both)).toThrow(
      'Both has agents of payments@1 and of orders@1: give each role a service of its own',
    );
  });
});
