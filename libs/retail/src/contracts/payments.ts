import { role, task } from '@lockstep/contracts';
import { Type } from 'class-transformer';
import { IsIn, IsInt, IsNumber, IsString, Matches, Min, ValidateNested } from 'class-validator';
import type { PaymentEntry } from '../shop/records.js';
import { PLACE_NAME, toolTask } from './tool-request.js';

export class PaymentEntryFields implements PaymentEntry {
  @IsIn(['payment', 'refund'])
  transaction_type!: PaymentEntry['transaction_type'];

  /** Not rounded: the bank books it equal to the last bit. */
  @IsNumber()
  @Min(0)
  amount!: number;

  @IsString()
  payment_method_id!: string;
}

/** One entry of an order's payment history, to be booked at the bank. */
export class BookRequest {
  @Matches(PLACE_NAME)
  database!: string;

  @IsString()
  orderId!: string;

  /** Key of the write that appended the entry. */
  @IsString()
  write!: string;

  /** Position among the entries that the write appended; from 0. */
  @IsInt()
  @Min(0)
  entry!: number;

  @ValidateNested()
  @Type(() => PaymentEntryFields)
  payment!: PaymentEntryFields;
}

export class Booking {
  /** Under which the bank finds it. */
  @IsString()
  reference!: string;
}

/** Moves money: changes how an order is paid, and books at the bank what the shop decided. */
export const payments = role('payments', {
  modifyPendingOrderPayment: toolTask('modify_pending_order_payment'),
  book: task(BookRequest, Booking),
});
