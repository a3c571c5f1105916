import { Append, LastWrite, Sum, Union, workflow } from '@lockstep/contracts';
import { IsIn } from 'class-validator';
import { concierge } from './concierge.js';

/** The shared state of a job or a visit; at its end a summary of what was done for the customer. */
export class JobSummary {
  /** A line for each action, as in `cancel_pending_order: done`. */
  @Append()
  done?: string[];

  /** Actions that the shop refused. */
  @Sum()
  refused?: number;

  /** Ids of the orders that were changed. */
  @Union()
  ordersChanged?: string[];

  /** Payment entries booked at the bank. */
  @Sum()
  bookings?: number;

  @LastWrite()
  @IsIn(['working', 'served', 'transferred'])
  outcome?: 'working' | 'served' | 'transferred';
}

/** One customer's job, from the plan to the mail. */
export const retailJob = workflow('retail-job', { root: concierge.job, state: JobSummary });

/** One customer's job, whole or not at all: once the shop refuses a write, those before it are undone. */
export const wholeRetailJob = workflow('whole-retail-job', {
  root: concierge.wholeJob,
  state: JobSummary,
  onFailure: 'compensate',
  afterRollback: concierge.apology,
});

/** One customer's jobs, one after the other. */
export const retailVisit = workflow('retail-visit', { root: concierge.visit, state: JobSummary });
