import { describe, expect, it } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import type { EndedWorkflow, LeaseReply, Retirement } from '@lockstep/store';
import { retiring, type RetentionPorts } from './retiring.js';

const TIMES = { keepMs: 1000, tombstoneMs: 1000 };
const MANY = 1000;

/** As many as are asked for, if there are so many; their logs cannot be read. */
function portsWith(count: number, lease: LeaseReply['reply'] = 'ok') {
  const retired: Retirement[][] = [];
  const read: WorkflowId[] = [];
  const all = Array.from({ length: count }, (_, nth): EndedWorkflow => ({
    ...{ wf: `wf-${nth}` as WorkflowId, version: 5, endedAtMs: nth, isSettled: nth % 2 === 0 },
  }));
  const ports: RetentionPorts = {
    store: {
      lease: () => Promise.resolve({ reply: lease, owner: 'other', epoch: 1, checkpoint: '' }),
      retire: (_partition, _times, workflows) => {
        retired.push([...workflows]);
        return Promise.resolve(workflows.map(() => 'changed' as const));
      },
    },
    ended: { due: (_partition, _keepMs, limit) => Promise.resolve(all.slice(0, limit)) },
    log: {
      all: (wf) => {
        read.push(wf);
        return Promise.resolve([]);
      },
    },
    archive: null,
    metrics: { retired: () => undefined, archived: () => undefined },
    retired: () => undefined,
  };
  return { ports, retired, read };
}

const round = ({ ports }: ReturnType<typeof portsWith>): Promise<number> =>
  retiring(ports, TIMES, 'me')(0);

describe('the duty that retires workflows', () => {
  it('R4: goes through a bounded number a round, and goes on soon when there are more', async () => {
    const [few, many] = [portsWith(3), portsWith(MANY)];
    expect(await round(few)).toBeGreaterThan(0);
    const restMs = await round(many);
    expect(restMs).toBeGreaterThan(0);
    expect(restMs).toBeLessThanOrEqual(100);
    expect(few.retired.flat()).toHaveLength(3);
    expect(many.retired.flat().length).toBeLessThan(MANY / 10);
  });

  it('R3: leaves a partition alone that another works on', async () => {
    const taken = portsWith(3, 'taken');
    expect(await round(taken)).toBeGreaterThan(0);
    expect(taken.retired).toEqual([]);
  });

  it('R2: says of one that it could not read that it knows nothing of it', async () => {
    const one = portsWith(1);
    await round(one);
    expect(one.read).toEqual(['wf-0']);
    expect(one.retired).toEqual([
      [{ wf: 'wf-0', version: 0, endedAtMs: 0, result: null, timers: [] }],
    ]);
  });

  it('R2: does not read one that has to stay, and has the store say why', async () => {
    const two = portsWith(2);
    await round(two);
    expect(two.read).toEqual(['wf-0']);
    expect(two.retired.flat()[1]).toMatchObject({ wf: 'wf-1', version: 0 });
  });
});
