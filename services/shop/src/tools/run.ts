import {
  type Answer,
  canonical,
  type ChangedRecord,
  type ToolArguments,
  type ToolName,
  type ToolValue,
} from '@lockstep/retail/shop';
import { calculate } from './calculate.js';
import { cancelPendingOrder } from './cancel-pending-order.js';
import { exchangeDeliveredOrderItems } from './exchange-delivered-order-items.js';
import * as lookUps from './look-ups.js';
import { modifyPendingOrderAddress, modifyUserAddress } from './modify-address.js';
import { modifyPendingOrderItems } from './modify-pending-order-items.js';
import { modifyPendingOrderPayment } from './modify-pending-order-payment.js';
import { returnDeliveredOrderItems } from './return-delivered-order-items.js';
import { Refusal, type RetailView, type Run, unchanged } from './view.js';

/** The 16 tools of the shop. */
export const RETAIL_TOOLS: { [T in ToolName]: Run<ToolArguments<T>, ToolValue<T>> } = {
  modify_user_address: modifyUserAddress,
  modify_pending_order_address: modifyPendingOrderAddress,
  modify_pending_order_payment: modifyPendingOrderPayment,
  modify_pending_order_items: modifyPendingOrderItems,
  cancel_pending_order: cancelPendingOrder,
  return_delivered_order_items: returnDeliveredOrderItems,
  exchange_delivered_order_items: exchangeDeliveredOrderItems,
  find_user_id_by_email: lookUps.findUserIdByEmail,
  find_user_id_by_name_zip: lookUps.findUserIdByNameZip,
  get_user_details: lookUps.getUserDetails,
  get_order_details: lookUps.getOrderDetails,
  get_product_details: lookUps.getProductDetails,
  list_all_product_types: lookUps.listAllProductTypes,
  calculate,
  think: () => unchanged(''),
  transfer_to_human_agents: () => unchanged('Transfer successful'),
};

/** What is answered to a call, and the records that it changes. */
export interface Outcome<V> {
  answer: Answer<V>;
  changed: ChangedRecord[];
}

/** Runs a tool or an undo. Records that end as they were do not count as changed. */
export function run<A, V>(view: RetailView, tool: Run<A, V>, args: A): Outcome<V> {
  try {
    const { value, changed } = tool(view, args);
    return {
      answer: { ok: true, value },
      changed: changed.filter((record) => differs(view, record)),
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { answer: { ok: false, error: error.message }, changed: [] };
  }
}

function differs(view: RetailView, { table, id, after }: ChangedRecord): boolean {
  return canonical(view.find(table, id)) !== canonical(after);
}
