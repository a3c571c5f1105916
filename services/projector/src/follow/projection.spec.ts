import { describe, expect, it } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import type { FeedEntry, Store, View } from '@lockstep/store';
import { ViewWriter } from '../write/view-writer.js';
import type { News } from './news.js';
import { Projection, type ProjectionPorts } from './projection.js';

const viewOf = ({ wf, to }: News): View => ({
  ...{ wf, version: to, tenant: 'acme', type: 'job', status: 'running' },
  ...{ startedAtMs: 0, digest: '', body: '{}' },
});

/** A projection over a store that keeps what it was told. */
function projectionOf(): {
  readonly projection: Projection;
  readonly calls: string[];
  readonly read: News[];
  readonly told: number[];
} {
  const [calls, read, told]: [string[], News[], number[]] = [[], [], []];
  const project: Store['project'] = (_partition, _name, _owner, _epoch, checkpoint, views) => {
    calls.push(`${views.length} at ${checkpoint}`);
    return Promise.resolve(true);
  };
  const upTo = (news: News): Promise<View> => {
    read.push(news);
    return Promise.resolve(viewOf(news));
  };
  const writer = new ViewWriter({ partition: 0, owner: 'me', epoch: 1 }, '1-0', { project });
  const projection = new Projection(writer, { folds: { upTo } } as unknown as ProjectionPorts, {
    written: (views) => told.push(views),
    projected: () => undefined,
    rebuilt: () => undefined,
    fenced: () => undefined,
    failed: (_, error) => {
      throw error;
    },
  });
  return { projection, calls, read, told };
}

const entry = (id: string, wf: string, from: number, to: number): FeedEntry => ({
  ...{ id, partition: 0, wf: wf as WorkflowId, from, to },
});

describe('the work on a partition', () => {
  it('reads the log of a workflow once, however often the feed names it, and writes its view once', async () => {
    const { projection, calls, read, told } = projectionOf();
    const [a, b] = [entry('2-0', 'a', 4, 4), entry('2-0', 'b', 1, 2)];
    await projection.follow([a, b, entry('3-0', 'a', 5, 7), entry('4-0', 'a', 8, 8)]);
    expect(read).toEqual([
      { wf: 'a', from: 4, to: 8 },
      { wf: 'b', from: 1, to: 2 },
    ]);
    expect(calls).toEqual(['2 at 4-0']);
    expect(told).toEqual([2]);
  });

  it('G6: moves the checkpoint only when all that came with it is written', async () => {
    const { projection, calls } = projectionOf();
    const many = Array.from({ length: 150 }, (_, n) => entry(`${n + 2}-0`, `wf-${n}`, 1, 1));
    await projection.follow(many);
    expect(calls).toEqual(['64 at 1-0', '64 at 1-0', '22 at 151-0']);
    expect(projection.checkpoint).toBe('151-0');
  });
});
