// What people send: a signal, a command that ends, holds or sends on a workflow.

import type { TaskId, WorkflowId } from '@lockstep/kernel';
import { intended } from '../../support/events.js';
import { W1 } from '../../support/scene.js';
import type { Call, Moment } from './moment.js';
import { committing, listening, moment, parked, running } from './workflows.js';

const signalOf = (wf: WorkflowId) => {
  const meta = { name: 'approved', id: 's1', version: 1 };
  return { wf, id: 's1', name: 'approved', meta, payload: '{}' };
};

const cancel =
  (wf: WorkflowId): Call =>
  (store) =>
    store.cancel({ wf, commandId: 'x1', reason: 'changed', by: 'ann', rollback: false });

export const rollBack =
  (wf: WorkflowId): Call =>
  (store) =>
    store.rollback({ wf, commandId: 'x1', reason: 'wrong', by: 'ann', to: 0 });

const park =
  (wf: WorkflowId): Call =>
  (store) =>
    store.park({ wf, commandId: 'x1', reason: 'look', by: 'ann' });

export const COMMANDS: readonly Moment[] = [
  moment('signal: is kept', async (scene) => {
    const wf = await scene.start();
    return (store) => store.signal(signalOf(wf));
  }),
  moment('signal: wakes who listens', async (scene) => {
    const { wf } = await listening(scene);
    return (store) => store.signal(signalOf(wf));
  }),
  moment('cancel: ends a workflow whose task runs', async (scene) => {
    const { wf } = await running(scene);
    return cancel(wf);
  }),
  moment(
    'cancel: ends one task that runs, and sends one back to settle its effect',
    async (scene) => {
      const parent = await running(scene);
      await parent.call(1);
      const called = await scene.take(W1, 1, parent.wf);
      await called.append([intended(called.task)]);
      return cancel(parent.wf);
    },
  ),
  moment('cancel: ends a workflow that is parked', async (scene) => {
    const wf = await parked(scene);
    return cancel(wf);
  }),
  moment('rollback: fences a task that runs, and has what it did undone', async (scene) => {
    const { wf } = await committing(scene);
    return rollBack(wf);
  }),
  moment('rollback: sends a task back to settle its effect', async (scene) => {
    const held = await committing(scene);
    await held.append([intended(held.task, 2)]);
    return rollBack(held.wf);
  }),
  moment('rollback: of a workflow that is parked', async (scene) => {
    const held = await committing(scene);
    await held.park();
    return rollBack(held.wf);
  }),
  moment('park: holds a task that runs and one that nobody has taken', async (scene) => {
    const held = await running(scene);
    await held.call(1);
    return park(held.wf);
  }),
  moment('park: holds a task that waits', async (scene) => {
    const { wf } = await listening(scene);
    return park(wf);
  }),
  moment('resume: sends on what a person held', async (scene) => {
    const { wf } = await running(scene);
    await park(wf)(scene.store);
    const meta = { reason: 'fine', by: 'ann' };
    const event = { type: 'WorkflowResumed', task: '', op: 0, meta, data: '' } as const;
    return (store) => store.resume(wf, 'x2', 9, [event]);
  }),
  moment('resume: sends a parked task again', async (scene) => {
    const wf = await parked(scene);
    const meta = { keepUpTo: 1, by: 'ann' };
    const reopened = { type: 'TaskReopened', task: 'r' as TaskId, op: 0, meta, data: '' } as const;
    return (store) => store.resume(wf, 'x1', 9, [reopened]);
  }),
];
