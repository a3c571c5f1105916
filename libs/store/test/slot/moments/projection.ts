// Views are made of workflows, and what has been read of the feed is forgotten.

import type { WorkflowId } from '@lockstep/kernel';
import type { View } from '../../../src/index.js';
import { LEASE_MS, type Scene } from '../../support/scene.js';
import type { Call, Moment } from './moment.js';
import { moment, other } from './workflows.js';

const OF_VIEWS = /:(feed|clock)$|:(lease|view|list|unsettled):|:wf:(?!other)/;

export const [a, b] = ['a', 'b'] as WorkflowId[] as [WorkflowId, WorkflowId];

export const viewOf = (wf: WorkflowId, status: string): View => ({
  ...{ wf, version: 1, tenant: 'acme', type: 'job', status },
  ...{ startedAtMs: 1, digest: 'd', body: '{}' },
});

export const DOUBT = { nth: 0, sinceMs: 5 };

export const project =
  (checkpoint: string, ...views: readonly View[]): Call =>
  (store) =>
    store.project(0, 'views', 'p1', 1, checkpoint, views);

const projection = (name: string, prepare: (scene: Scene) => Promise<Call>): Moment =>
  moment(
    name,
    async (scene) => {
      await scene.store.lease(0, 'views', 'p1', LEASE_MS);
      for (const wf of [other(0), a, b]) await scene.start({ wf });
      const states = ['running', 'completed', 'parked'];
      await project('1-0', ...states.map((status, at) => viewOf(other(at), status)))(scene.store);
      return prepare(scene);
    },
    OF_VIEWS,
  );

const same = (call: Call) => (): Promise<Call> => Promise.resolve(call);

export const PROJECTION: readonly Moment[] = [
  projection(
    'lease: is renewed',
    same((store) => store.lease(0, 'views', 'p1', LEASE_MS)),
  ),
  projection(
    'lease: is refused to another',
    same((store) => store.lease(0, 'views', 'p2', 1)),
  ),
  projection(
    'lease: is taken anew',
    same((store) => store.lease(0, 'mails', 'p1', LEASE_MS)),
  ),
  projection('project: writes a first view', same(project('2-0', viewOf(a, 'running')))),
  projection('project: moves a view to another list', async (scene) => {
    await project('2-0', viewOf(a, 'running'))(scene.store);
    return project('3-0', viewOf(a, 'completed'));
  }),
  projection('project: has two views change places', async (scene) => {
    // No other view is in the list that one leaves and one enters.
    const inPlace = [viewOf(a, 'cancelled'), viewOf(b, 'running')];
    await project('2-0', ...inPlace)(scene.store);
    return project('3-0', viewOf(a, 'running'), viewOf(b, 'cancelled'));
  }),
  projection('project: lists an effect that is not settled', async (scene) => {
    await project('2-0', viewOf(a, 'running'))(scene.store);
    return project('3-0', { ...viewOf(a, 'running'), unsettled: [DOUBT] });
  }),
  projection('project: has two effects change places', async (scene) => {
    // No other effect is in the list that one leaves and one enters.
    await project('2-0', { ...viewOf(a, 'running'), unsettled: [DOUBT] })(scene.store);
    return project('3-0', { ...viewOf(a, 'running'), unsettled: [{ ...DOUBT, nth: 1 }] });
  }),
  projection('trim: forgets what has been read', async (scene) => {
    const [, [last] = ['']] = await scene.redis.xrevrange(scene.key('feed'), '+', '-', 'COUNT', 2);
    await project(last, viewOf(a, 'running'))(scene.store);
    return (store) => store.trim(0, ['views']);
  }),
];
