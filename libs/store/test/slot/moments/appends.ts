// What a worker adds to the history of a task that it holds.

import type { TaskId } from '@lockstep/kernel';
import type { Append, AppendItem, Release } from '../../../src/index.js';
import {
  called,
  completed,
  event,
  failed,
  FAILURE,
  stepOf,
  suspended,
} from '../../support/events.js';
import type { HeldByTest } from '../../support/held-by-test.js';
import { W1, type Scene } from '../../support/scene.js';
import { rollBack } from './commands.js';
import { together, type Moment } from './moment.js';
import { child, committing, moment, running, timer } from './workflows.js';

type Change = readonly [
  items: readonly AppendItem[],
  release?: Release | null,
  rest?: Partial<Append>,
];

/** An append of a task that {@link W1} holds. */
const append = (
  name: string,
  change: (held: HeldByTest) => Change,
  held: (scene: Scene) => Promise<HeldByTest> = running,
): Moment =>
  moment(`append: ${name}`, async (scene) => {
    const task = await held(scene);
    const [items, release, rest] = change(task);
    const given = { ...task.next(items), ...(release && { release }), ...rest };
    return (store) => store.append(given);
  });

const deadLetter = (task: TaskId): Partial<Append> => ({
  dead: { role: 'orders', task, meta: { reason: 'Uncaught' } },
});

export const APPENDS: readonly Moment[] = [
  append('records a step', ({ task }) => [[stepOf(task, 1)]]),
  append('writes a field of the state', ({ task }) => {
    const changed = event(task, 'StateChanged', { fields: ['total'] }, 1, '{"total":1}');
    return [[{ ...changed, fields: [{ name: 'total', expected: null }] }]];
  }),
  append('delivers a called task', ({ task }) => [[called(task, 1)]]),
  append('sets a timer and takes one back', ({ task }) => [
    [timer(task, 500, 1)],
    null,
    { untimers: [9] },
  ]),
  append('suspends', ({ task }) => {
    const waits = { any: [1], all: [[2, 3]], signals: ['approved'] };
    return [[suspended(task, waits)], { as: 'suspended', waits }];
  }),
  append('completes a workflow', ({ task }) => [[completed(task)], { as: 'completed' }]),
  append(
    'completes a task that another waits for',
    ({ task }) => [[completed(task)], { as: 'completed' }],
    child,
  ),
  append('fails, with a dead letter', ({ task }) => [
    [failed(task)],
    { as: 'failed' },
    deadLetter(task),
  ]),
  append('parks, with a dead letter', ({ task }) => {
    const because = event(task, 'TaskParked', { reason: 'EffectInDoubt', error: FAILURE });
    return [[because], { as: 'parked' }, deadLetter(task)];
  }),
  append('hands a task back', ({ task }) => [
    [event(task, 'TaskReleased', { epoch: 1 })],
    { as: 'queued' },
  ]),
  append('hands a task on', ({ task }) => [[called(task, 1, null)], { as: 'handed-off' }]),
  append(
    'fails behind a call, and begins a rollback',
    ({ task }) => {
      const begun = { reason: 'Uncaught', by: 'policy', to: 0, task, error: FAILURE };
      const items = [
        called(task, 2),
        ...[failed(task), event('', 'RollbackStarted', begun, 0, '{}')],
      ];
      return [items, { as: 'failed' }, { rollback: { to: 0 } }];
    },
    committing,
  ),
  append(
    'undoes an effect, and ends the workflow',
    ({ task }) => [[completed(task)], { as: 'completed' }],
    async (scene) => {
      const { wf } = await committing(scene);
      await rollBack(wf)(scene.store);
      return scene.take(W1, 1, wf);
    },
  ),
  moment('append: two tasks at once, of which one ends', async (scene) => {
    const [step, end] = [await running(scene), await running(scene)];
    const [recorded, ended] = [step.next([stepOf(step.task, 1)]), end.next([completed(end.task)])];
    return together(
      (store) => store.append(recorded),
      (store) => store.append({ ...ended, release: { as: 'completed' } }),
    );
  }),
  moment('append: two tasks of a workflow at once', async (scene) => {
    const parent = await running(scene);
    await parent.call(1);
    const called = await scene.take(W1, 1, parent.wf);
    const [recorded, ended] = [
      parent.next([stepOf('r' as TaskId, 2)]),
      called.next([completed(called.task)]),
    ];
    return together(
      (store) => store.append(recorded),
      (store) => store.append({ ...ended, release: { as: 'completed' } }),
    );
  }),
];
