import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsArray, IsNumber, IsObject, IsString, ValidateNested } from 'class-validator';
import { type Fields, OrderArguments } from './arguments.js';
import type { OrderItem } from './records.js';

class ItemBefore implements OrderItem {
  @IsString() name!: string;
  @IsString() product_id!: string;
  @IsString() item_id!: string;
  @IsNumber() price!: number;
  @IsObject() options!: Record<string, string>;
}

export class PutBackItems extends OrderArguments {
  /** All items of the order as they were before the change, in their order. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => ItemBefore)
  items!: OrderItem[];
}

/**
 * The administrative undos and what they are called with: one for each write
 * that the tools themselves cannot take back. The two address tools are undone
 * by the same tool with the old address.
 */
export const UNDO_ARGUMENTS = {
  withdraw_return: OrderArguments,
  withdraw_exchange: OrderArguments,
  undo_payment_change: OrderArguments,
  put_back_items: PutBackItems,
  reinstate_order: OrderArguments,
} as const satisfies Record<string, new () => object>;

export type UndoName = keyof typeof UNDO_ARGUMENTS;

export type UndoArguments<U extends UndoName> = Fields<InstanceType<(typeof UNDO_ARGUMENTS)[U]>>;

export function isUndoName(name: string): name is UndoName {
  return Object.hasOwn(UNDO_ARGUMENTS, name);
}
