import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Dataset, readDataset } from '../data/dataset.js';
import { SAMPLE } from '../project.js';
import { allOrNothing, brokenJobs } from './all-or-nothing.js';
import { eachAlone } from './assignment.js';

describe('jobs that are done whole or not at all', () => {
  let sample: Dataset;

  beforeAll(async () => {
    sample = await readDataset(SAMPLE);
  });

  it('G6: are one of the sample, four writes of which are undone after the fifth is refused', () => {
    const [broken, ...others] = brokenJobs(sample);
    expect(others).toEqual([]);
    expect(broken?.job.id).toBe('sample-32');
    expect(broken?.before.map(({ name }) => name)).toEqual([
      'find_user_id_by_email',
      'get_user_details',
      'cancel_pending_order',
      'return_delivered_order_items',
      'exchange_delivered_order_items',
      'modify_pending_order_address',
    ]);
    expect(broken?.refusal).toBe('Error: insufficient gift card balance to pay for the order');
  });

  it('are, when all are, undone for a write that is refused and not for a read', () => {
    const refused = brokenJobs(allOrNothing(sample)).map(({ job }) => job.id);
    const [write, read] = ['sample-04', 'sample-08'];
    expect(refused).toContain(write);
    expect(refused).not.toContain(read);
  });

  it('must leave the initial digest, and what was booked until then is known', () => {
    const changed = [{ table: 'users', id: 'u', after: {} }] as never;
    const undoing = { refusal: 'Error: no', writes: 1, changed, digest: 'initial' };
    const { errands, databases } = eachAlone('run', sample, new Map([['sample-32', undoing]]));
    expect(errands.at(-1)).toMatchObject({ as: 'whole-job', jobs: [{ undoing }] });
    expect(databases.at(-1)).toEqual({
      ...{ name: 'run.sample-32', digest: 'initial' },
      ...{ changed: [], undone: changed },
    });
    expect(errands[0]).toMatchObject({ as: 'job' });
    expect(databases[0]).toMatchObject({ digest: sample.expected[0]?.digest, undone: [] });
  });
});
