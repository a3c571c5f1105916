import type { AnyRole, AnyWorkflow, TaskContract } from '@lockstep/contracts';
import { TOOLS, type ToolName } from '../shop/tools.js';
import { catalog } from './catalog.js';
import { concierge } from './concierge.js';
import { notifier } from './notifier.js';
import { orders } from './orders.js';
import { payments } from './payments.js';
import { profile } from './profile.js';
import { retailJob, retailVisit, wholeRetailJob } from './retail-job.js';
import type { ToolAnswer } from './tool-answer.js';
import type { ToolRequest } from './tool-request.js';

export const TEAM: readonly AnyRole[] = [concierge, orders, payments, profile, catalog, notifier];
export const TEAM_WORKFLOWS: readonly AnyWorkflow[] = [retailJob, wholeRetailJob, retailVisit];

/** Tools that the concierge uses itself, without asking another role. */
export type OwnTool = {
  [T in ToolName]: (typeof TOOLS)[T]['role'] extends 'concierge' ? T : never;
}[ToolName];

/** Whom the concierge asks to call each tool. */
export const TOOL_TASKS: Readonly<
  Record<Exclude<ToolName, OwnTool>, TaskContract<ToolRequest, ToolAnswer>>
> = {
  get_order_details: orders.getOrderDetails,
  modify_pending_order_address: orders.modifyPendingOrderAddress,
  modify_pending_order_items: orders.modifyPendingOrderItems,
  cancel_pending_order: orders.cancelPendingOrder,
  return_delivered_order_items: orders.returnDeliveredOrderItems,
  exchange_delivered_order_items: orders.exchangeDeliveredOrderItems,
  modify_pending_order_payment: payments.modifyPendingOrderPayment,
  find_user_id_by_email: profile.findUserIdByEmail,
  find_user_id_by_name_zip: profile.findUserIdByNameZip,
  get_user_details: profile.getUserDetails,
  modify_user_address: profile.modifyUserAddress,
  get_product_details: catalog.getProductDetails,
  list_all_product_types: catalog.listAllProductTypes,
};

export function isOwnTool(tool: ToolName): tool is OwnTool {
  return TOOLS[tool].role === 'concierge';
}
