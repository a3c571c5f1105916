// What has ended leaves the store.

import type { WorkflowId } from '@lockstep/kernel';
import { ROOT_TASK } from '../../../src/index.js';
import { LEASE_MS, W2, type Scene } from '../../support/scene.js';
import type { Moment } from './moment.js';
import { a, b, DOUBT, project, viewOf } from './projection.js';
import { FAR_MS, moment, other, timer } from './workflows.js';

const OF_RETIREMENT = /:(feed|ended|workflows|timers)$|:(view|list|unsettled):|:(log|wf):(?!other)/;

/** Completed, with a timer that its root has left. */
async function completedWith(scene: Scene, wf: WorkflowId): Promise<void> {
  await scene.start({ wf });
  const held = await scene.take(W2, 1, wf);
  await held.append([timer(held.task, FAR_MS)]);
  await held.complete();
}

const retirement = (name: string, count: number): Moment =>
  moment(
    name,
    async (scene) => {
      await scene.store.lease(0, 'views', 'p1', LEASE_MS);
      const ended = [a, b].slice(0, count);
      for (const wf of ended) await completedWith(scene, wf);
      await completedWith(scene, other(9));
      const views = [...ended, other(9)].map((wf) => ({
        ...{ ...viewOf(wf, 'completed'), version: 5, unsettled: [DOUBT] },
      }));
      await project('1-0', ...views, viewOf(other(1), 'parked'))(scene.store);
      const endedAtMs = Number(await scene.redis.zscore(scene.key('ended'), a));
      const timers = [{ task: ROOT_TASK, op: 9 }];
      const items = ended.map((wf) => ({ wf, version: 5, endedAtMs, result: '{}', timers }));
      return (store) => store.retire(0, { keepMs: 0, tombstoneMs: FAR_MS, putOffMs: 1000 }, items);
    },
    OF_RETIREMENT,
  );

export const RETIREMENT: readonly Moment[] = [
  retirement('retire: removes a workflow', 1),
  retirement('retire: removes two that share all lists', 2),
];
