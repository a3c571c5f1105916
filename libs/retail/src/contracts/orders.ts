import { role } from '@lockstep/contracts';
import { toolTask } from './tool-request.js';

/** Knows and changes orders. */
export const orders = role('orders', {
  getOrderDetails: toolTask('get_order_details'),
  modifyPendingOrderAddress: toolTask('modify_pending_order_address'),
  modifyPendingOrderItems: toolTask('modify_pending_order_items'),
  cancelPendingOrder: toolTask('cancel_pending_order'),
  returnDeliveredOrderItems: toolTask('return_delivered_order_items'),
  exchangeDeliveredOrderItems: toolTask('exchange_delivered_order_items'),
});
