/** How risky a tool's change is; `none` for tools that change nothing. */
export type ToolRisk = 'none' | 'low' | 'medium' | 'high';

/** The agent role whose work a tool is. */
export type ToolRole = 'concierge' | 'orders' | 'payments' | 'profile' | 'catalog';

export interface Tool {
  kind: 'read' | 'write';
  role: ToolRole;
  risk: ToolRisk;
}

const read = <R extends ToolRole>(role: R) => ({ kind: 'read', role, risk: 'none' }) as const;
const write = <R extends ToolRole, K extends ToolRisk>(role: R, risk: K) =>
  ({ kind: 'write', role, risk }) as const;

/** The shop's 16 tools. A read changes nothing, a write changes records. */
export const TOOLS = {
  modify_user_address: write('profile', 'low'),
  modify_pending_order_address: write('orders', 'medium'),
  modify_pending_order_payment: write('payments', 'high'),
  modify_pending_order_items: write('orders', 'high'),
  cancel_pending_order: write('orders', 'high'),
  return_delivered_order_items: write('orders', 'medium'),
  exchange_delivered_order_items: write('orders', 'medium'),
  find_user_id_by_email: read('profile'),
  find_user_id_by_name_zip: read('profile'),
  get_user_details: read('profile'),
  get_order_details: read('orders'),
  get_product_details: read('catalog'),
  list_all_product_types: read('catalog'),
  calculate: read('concierge'),
  think: read('concierge'),
  transfer_to_human_agents: read('concierge'),
} as const satisfies Record<string, Tool>;

export type ToolName = keyof typeof TOOLS;

type ToolOfKind<K extends Tool['kind']> = {
  [T in ToolName]: (typeof TOOLS)[T]['kind'] extends K ? T : never;
}[ToolName];

export type ReadTool = ToolOfKind<'read'>;
export type WriteTool = ToolOfKind<'write'>;

export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

export function isWriteTool(name: ToolName): name is WriteTool {
  return TOOLS[name].kind === 'write';
}
