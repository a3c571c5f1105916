// #region contracts
import { Append, LastWrite, role, signal, task, workflow } from '@lockstep/contracts';
import { IsIn, IsInt, IsPositive, IsString, MaxLength } from 'class-validator';

export class RefundRequest {
  @IsString()
  @MaxLength(40)
  orderId!: string;

  @IsInt()
  @IsPositive()
  amountCents!: number;
}

export class RefundReceipt {
  @IsString()
  entryId!: string;
}

export class Confirmation {
  @IsString()
  by!: string;
}

/** The shared state of a refund job. */
export class RefundState {
  @LastWrite()
  @IsIn(['waiting', 'paid'])
  phase?: 'waiting' | 'paid';

  @Append()
  notes?: string[];
}

export const refunds = role('refunds', { refund: task(RefundRequest, RefundReceipt) });

export const refundJob = workflow('refund-job', {
  root: refunds.refund,
  state: RefundState,
  signals: { confirm: signal(Confirmation) },
});
// #endregion contracts
