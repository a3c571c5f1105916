import { Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsPositive,
  IsString,
  MaxLength,
  ValidateNested,
} from 'class-validator';

import {
  Append,
  LastWrite,
  Max,
  Nothing,
  role,
  signal,
  Sum,
  task,
  Union,
  workflow,
} from '../src/index.js';

export class Line {
  @IsString()
  sku!: string;

  @IsInt()
  @IsPositive()
  price!: number;
}

export class Customer {
  @IsString()
  @MaxLength(40)
  name!: string;
}

export class RefundRequest {
  @IsString()
  orderId!: string;

  @ArrayNotEmpty()
  @ValidateNested({ each: true })
  @Type(() => Line)
  items!: Line[];

  @ValidateNested()
  @Type(() => Customer)
  customer!: Customer;

  @IsString({ each: true })
  tags!: string[];

  @IsOptional()
  @IsObject()
  origin?: Record<string, unknown>;
}

export class RefundReceipt {
  @IsString()
  entryId!: string;

  @IsIn(['EUR', 'USD'])
  currency!: string;
}

export class Mail {
  @IsString()
  text!: string;
}

export class Approval {
  @IsString()
  by!: string;
}

export class Note {
  @IsString()
  text!: string;
}

export class JobState {
  @LastWrite()
  phase?: string;

  @Append()
  @ValidateNested({ each: true })
  @Type(() => Note)
  notes!: Note[];

  @Union()
  tags!: string[];

  @Sum()
  refunds!: number;

  @Max()
  version!: number;
}

export const payments = role('payments', { refund: task(RefundRequest, RefundReceipt) });

export const notifier = role('notifier', { send: task(Mail, Nothing) }, { version: 2 });

export const refundJob = workflow('refund-job', {
  root: payments.refund,
  state: JobState,
  signals: { approve: signal(Approval), nudge: signal(Nothing) },
});

export const refundRequest: RefundRequest = {
  orderId: '#W1',
  items: [
    { sku: 'lamp', price: 1200 },
    { sku: 'cable', price: 300 },
  ],
  customer: { name: 'Mia' },
  tags: ['late'],
};
