// What the team does for a customer: it reads, writes at the shop and at the bank, sleeps and hands on.

import { Append, role, Sum, task, workflow } from '@lockstep/contracts';
import { BookRequest, orders, profile } from '@lockstep/retail/contracts';
import { IsArray, IsString } from 'class-validator';

/** A customer wants an order cancelled. */
export class Wish {
  @IsString() database!: string;
  @IsString() userId!: string;
  @IsString() orderId!: string;
}

/** What the shop refunded is to be booked at the bank. */
export class Refund extends BookRequest {
  /** Digests of what was read so far. */
  @IsArray()
  @IsString({ each: true })
  read!: string[];
}

export class Cancelled {
  @IsArray()
  @IsString({ each: true })
  read!: string[];

  /** Under which the bank booked. */
  @IsString() reference!: string;
}

export class Progress {
  @Append() done?: string[];
  @Sum() refunded?: number;
}

/** The roles of one team and their workflow. Teams whose lanes differ share a store and never a task. */
export function teamOf(lane: string) {
  const clerk = role(`clerk-${lane}`, {
    order: orders.getOrderDetails,
    customer: profile.getUserDetails,
    refund: task(Refund, Cancelled),
  });
  const desk = role(`desk-${lane}`, { cancel: task(Wish, Cancelled) });
  const cancelling = workflow(`cancelling-${lane}`, { root: desk.cancel, state: Progress });
  return { desk, clerk, cancelling };
}

/** The team that this process is of. */
export const team = teamOf(process.env['LOCKSTEP_LANE'] ?? 'a');
