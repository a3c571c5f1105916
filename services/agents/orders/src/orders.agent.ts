import type { RequestOf } from '@lockstep/contracts';
import { orders, type ToolAnswer } from '@lockstep/retail/contracts';
import { ShopTools } from '@lockstep/retail/effects';
import { Agent, type AnyEffect, type HasEffects, Task, type TaskContext } from '@lockstep/runtime';

type Tasks = typeof orders.tasks;

/** Reads and changes orders. */
@Agent(orders)
export class OrdersAgent implements HasEffects {
  readonly effects: readonly AnyEffect[];

  constructor(private readonly tools: ShopTools) {
    this.effects = tools.effects(
      'modify_pending_order_address',
      'modify_pending_order_items',
      'cancel_pending_order',
      'return_delivered_order_items',
      'exchange_delivered_order_items',
    );
  }

  @Task(orders.getOrderDetails, { timeout: '30s' })
  getOrderDetails(
    request: RequestOf<Tasks['getOrderDetails']>,
    task: TaskContext,
  ): Promise<ToolAnswer> {
    return this.tools.read('get_order_details', request, task);
  }

  @Task(orders.modifyPendingOrderAddress, { timeout: '30s' })
  modifyPendingOrderAddress(
    request: RequestOf<Tasks['modifyPendingOrderAddress']>,
    task: TaskContext,
  ): Promise<ToolAnswer> {
    return this.tools.write('modify_pending_order_address', request, task);
  }

  @Task(orders.modifyPendingOrderItems, { timeout: '30s' })
  modifyPendingOrderItems(
    request: RequestOf<Tasks['modifyPendingOrderItems']>,
    task: TaskContext,
  ): Promise<ToolAnswer> {
    return this.tools.write('modify_pending_order_items', request, task);
  }

  @Task(orders.cancelPendingOrder, { timeout: '30s' })
  cancelPendingOrder(
    request: RequestOf<Tasks['cancelPendingOrder']>,
    task: TaskContext,
  ): Promise<ToolAnswer> {
    return this.tools.write('cancel_pending_order', request, task);
  }

  @Task(orders.returnDeliveredOrderItems, { timeout: '30s' })
  returnDeliveredOrderItems(
    request: RequestOf<Tasks['returnDeliveredOrderItems']>,
    task: TaskContext,
  ): Promise<ToolAnswer> {
    return this.tools.write('return_delivered_order_items', request, task);
  }

  @Task(orders.exchangeDeliveredOrderItems, { timeout: '30s' })
  exchangeDeliveredOrderItems(
    request: RequestOf<Tasks['exchangeDeliveredOrderItems']>,
    task: TaskContext,
  ): Promise<ToolAnswer> {
    return this.tools.write('exchange_delivered_order_items', request, task);
  }
}
