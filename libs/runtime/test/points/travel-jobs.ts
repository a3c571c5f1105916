// Jobs of the travel team, in which calls count from where the job has failed.

import { planRedrive } from '@lockstep/kernel';
import { BankClient } from '@lockstep/retail/shop';
import { ROOT_TASK } from '@lockstep/store';
import type { Cast, Job, Underway } from './job.js';
import { type Journey, teamOf } from './travel/contracts.js';

export const TRAVELLERS: Cast = ['desk', 'clerk', 'porter'].map((role) => ({ role, module: role }));
const request = (database: string): Journey => ({ database });

/** Fails while an effect is in doubt, and is rolled back. */
export const TRAVELLING: Job = {
  status: 'failed',
  request,
  workflow: (lane) => teamOf(lane).travelling,
  before: ({ stage, outside, wf, database }) => {
    const bank = bankOf({ outside });
    const isBooked = async (): Promise<boolean> =>
      (await bank.booking(`${database}/hold`)) !== undefined &&
      (await stage.eventsOf(wf, 'EffectCommitted')).some(({ meta }) => meta.key.endsWith('/last'));
    return stage.until('all is booked', isBooked, [wf]);
  },
  sendOn: book,
};

/** Is parked at its third step, and redriven when what was wrong is mended. */
export const INSISTING: Job = {
  status: 'completed',
  request,
  workflow: (lane) => teamOf(lane).insisting,
  before: ({ stage, wf }) =>
    stage.until('the job is parked', () => stage.hasStatus(wf, 'parked'), [wf]),
  sendOn: async (run) => {
    const { stage, wf } = run;
    await book(run);
    const events = await stage.events(wf);
    const redrive = planRedrive(events, { task: ROOT_TASK, reason: 'mended', by: 'ann' });
    await stage.store.resume(wf, 'redrive', events.length, redrive);
  },
};

const bankOf = ({ outside }: Pick<Underway, 'outside'>): BankClient =>
  new BankClient(`http://127.0.0.1:${outside.port}`);

/** What both jobs look for. */
async function book(run: Underway): Promise<void> {
  await bankOf(run).book({
    ...{ reference: `${run.database}/go`, database: run.database, order_id: '#W1' },
    ...{ transaction_type: 'payment', amount: 0, payment_method_id: 'cash' },
  });
}
