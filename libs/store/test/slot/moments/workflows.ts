// Workflows to do something with, in a partition where others keep the keys that all share from being empty.

import type { TaskId, WorkflowId } from '@lockstep/kernel';
import type { AppendItem } from '../../../src/index.js';
import { committed, event, intended } from '../../support/events.js';
import type { HeldByTest } from '../../support/held-by-test.js';
import { W1, W2, type Scene } from '../../support/scene.js';
import type { Moment, Next } from './moment.js';

export const OF_WORKFLOWS =
  /:(log|wf|waits|held):(?!other)|:(feed|timers|workers|workflows|ended|given-up|clock|crew|dead-roles)$|:(inbox|dead):/;

/** Longer than any moment looks ahead. */
export const FAR_MS = 900_000_000;
const NEVER = 'never';

export const other = (nth: number): WorkflowId => `other-${nth}` as WorkflowId;

/** One workflow that is parked, one that waits, and one that nobody has taken yet. */
export async function withOthers(scene: Scene): Promise<void> {
  await scene.alive(W2);
  for (const nth of [1, 2]) {
    await scene.start({ wf: other(nth) });
    const held = await scene.take(W2);
    await held.append([timer(held.task, FAR_MS)]);
    if (nth === 1) await held.park();
    else await held.suspend({ signals: [NEVER] });
  }
  await scene.start({ wf: other(3) });
  await scene.redis.zadd(scene.key('given-up'), FAR_MS, 'w9');
}

export const timer = (task: TaskId, delayMs: number, op = 9): AppendItem => ({
  ...event(task, 'TimerSet', { delayMs }, op),
  timerMs: delayMs,
});

export const moment = (
  name: string,
  prepare: (scene: Scene) => Promise<Next>,
  moves = OF_WORKFLOWS,
): Moment => ({
  name,
  prepare: async (scene) => {
    await withOthers(scene);
    return prepare(scene);
  },
  moves,
});

export async function running(scene: Scene, worker = W1): Promise<HeldByTest> {
  await scene.alive(worker);
  const wf = await scene.start();
  return scene.take(worker, 1, wf);
}

export const parked = async (scene: Scene): Promise<WorkflowId> => {
  const held = await running(scene);
  await held.park();
  return held.wf;
};

export async function listening(scene: Scene): Promise<HeldByTest> {
  const held = await running(scene);
  await held.suspend({ any: [9], signals: ['approved'] });
  return held;
}

/** A child that its parent waits for. */
export async function child(scene: Scene): Promise<HeldByTest> {
  const parent = await running(scene);
  await parent.call(1);
  await parent.suspend({ any: [1] });
  return scene.take(W1, 1, parent.wf);
}

/** A task that runs, and has committed an effect. */
export async function committing(scene: Scene): Promise<HeldByTest> {
  const held = await running(scene);
  await held.append([intended(held.task), committed(held.task)]);
  return held;
}
