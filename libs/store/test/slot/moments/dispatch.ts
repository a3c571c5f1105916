// A workflow is started, and a worker takes one of its tasks.

import type { WorkerId, WorkflowId } from '@lockstep/kernel';
import { randomClaimId } from '../../../src/index.js';
import { ATTEMPT_MS, INBOX, startOf, W1, type Scene } from '../../support/scene.js';
import { together, type Call, type Moment } from './moment.js';
import { moment, OF_WORKFLOWS, withOthers } from './workflows.js';

const start = (name: string, prepare: (scene: Scene) => Promise<unknown>): Moment => ({
  name: `start: ${name}`,
  moves: OF_WORKFLOWS,
  prepare: async (scene) => {
    await prepare(scene);
    const given = startOf();
    return (store) => store.start(given);
  },
});

export const STARTS: readonly Moment[] = [
  start('in a partition that has nothing', () => Promise.resolve()),
  start('among others', withOthers),
];

async function claimOf(scene: Scene, wf: WorkflowId, worker: WorkerId, older = 0): Promise<Call> {
  const message = (await scene.inbox()).find((found) => found.wf === wf)!;
  const { id, dispatch, ...named } = message;
  const rest = { beat: 1, inbox: INBOX, message: id, deadlineMs: ATTEMPT_MS };
  const given = { ...named, ...rest, dispatch: dispatch - older, worker, claim: randomClaimId() };
  return (store) => store.claim(given);
}

export const CLAIMS: readonly Moment[] = [
  moment('claim: takes a task', async (scene) => {
    await scene.alive(W1);
    return claimOf(scene, await scene.start(), W1);
  }),
  moment('claim: removes a message of an earlier dispatch', async (scene) => {
    await scene.alive(W1);
    return claimOf(scene, await scene.start(), W1, 1);
  }),
  moment('claim: takes two tasks at once', async (scene) => {
    await scene.alive(W1);
    const [one, two] = [await scene.start(), await scene.start()];
    return together(await claimOf(scene, one, W1), await claimOf(scene, two, W1));
  }),
  moment('claim: is refused to a worker that is not registered', async (scene) =>
    claimOf(scene, await scene.start(), W1),
  ),
];
