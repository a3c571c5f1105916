import { IsArray, IsNotEmpty, IsString } from 'class-validator';
import type { ToolName } from './tools.js';

// What each tool is called with. Field names are the tools' own.

export class OrderArguments {
  @IsString()
  order_id!: string;
}

export class UserArguments {
  @IsString()
  user_id!: string;
}

export class ProductArguments {
  @IsString()
  product_id!: string;
}

export class CancelPendingOrder extends OrderArguments {
  /** `no longer needed` or `ordered by mistake`; the shop refuses any other. */
  @IsString()
  reason!: string;
}

export class AddressArguments {
  @IsString() address1!: string;
  @IsString() address2!: string;
  @IsString() city!: string;
  @IsString() state!: string;
  @IsString() country!: string;
  @IsString() zip!: string;
}

export class ModifyPendingOrderAddress extends AddressArguments {
  @IsString()
  order_id!: string;
}

export class ModifyUserAddress extends AddressArguments {
  @IsString()
  user_id!: string;
}

export class ModifyPendingOrderPayment extends OrderArguments {
  @IsString()
  payment_method_id!: string;
}

export class ReturnDeliveredOrderItems extends OrderArguments {
  @IsArray()
  @IsString({ each: true })
  item_ids!: string[];

  @IsString()
  payment_method_id!: string;
}

/** Old and new items are paired by position; one method pays or is paid the difference. */
export class ReplaceItems extends ReturnDeliveredOrderItems {
  @IsArray()
  @IsString({ each: true })
  new_item_ids!: string[];
}

export class FindUserIdByEmail {
  @IsString()
  email!: string;
}

export class FindUserIdByNameZip {
  @IsString() first_name!: string;
  @IsString() last_name!: string;
  @IsString() zip!: string;
}

// eslint-disable-next-line @typescript-eslint/no-extraneous-class -- a tool without arguments
export class NoArguments {}

export class Calculate {
  /** Digits, `+ - * / ( ) .` and spaces. */
  @IsString()
  @IsNotEmpty()
  expression!: string;
}

export class Think {
  @IsString()
  thought!: string;
}

export class TransferToHumanAgents {
  @IsString()
  summary!: string;
}

/** The class that a tool's arguments are validated with. */
export const TOOL_ARGUMENTS = {
  modify_user_address: ModifyUserAddress,
  modify_pending_order_address: ModifyPendingOrderAddress,
  modify_pending_order_payment: ModifyPendingOrderPayment,
  modify_pending_order_items: ReplaceItems,
  cancel_pending_order: CancelPendingOrder,
  return_delivered_order_items: ReturnDeliveredOrderItems,
  exchange_delivered_order_items: ReplaceItems,
  find_user_id_by_email: FindUserIdByEmail,
  find_user_id_by_name_zip: FindUserIdByNameZip,
  get_user_details: UserArguments,
  get_order_details: OrderArguments,
  get_product_details: ProductArguments,
  list_all_product_types: NoArguments,
  calculate: Calculate,
  think: Think,
  transfer_to_human_agents: TransferToHumanAgents,
} as const satisfies Record<ToolName, new () => object>;

/** The fields of a class, so that a plain object will do. */
export type Fields<C extends object> = { [F in keyof C]: C[F] };

export type ToolArguments<T extends ToolName> = Fields<InstanceType<(typeof TOOL_ARGUMENTS)[T]>>;
