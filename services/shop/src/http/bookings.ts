import type { BankEntry, ListFilter, Mail } from '@lockstep/retail/shop';
import { IsIn, IsNumber, IsOptional, IsString, Matches, Min } from 'class-validator';
import type { OutsideRequest } from '../faults/fault.interceptor.js';
import { NAME, NAME_RULE } from './names.js';

const named = { message: `$property must be ${NAME_RULE}` };

export class BankEntryBody implements BankEntry {
  @Matches(NAME, named) reference!: string;
  @Matches(NAME, named) database!: string;
  @IsString() order_id!: string;

  @IsIn(['payment', 'refund'])
  transaction_type!: 'payment' | 'refund';

  @IsNumber()
  @Min(0)
  amount!: number;

  @IsString() payment_method_id!: string;
}

export class MailBody implements Mail {
  @Matches(NAME, named) reference!: string;
  @Matches(NAME, named) database!: string;
  @IsString() to!: string;
  @IsString() subject!: string;
  @IsString() text!: string;
}

export class ListQuery implements ListFilter {
  @IsOptional()
  @IsString()
  database?: string;

  @IsOptional()
  @IsString()
  databasePrefix?: string;
}

/** How faults are aimed at a booking or a mail, whose body is not validated yet. */
export const bookingCall =
  (target: 'bank' | 'mail') =>
  ({ body }: OutsideRequest) => {
    const { reference, database } = (body ?? {}) as Record<string, unknown>;
    return { target, reference: textOf(reference), database: textOf(database) };
  };

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
