import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EventType, RecordedEvent, TaskId } from '../events/event.js';
import { ImpossibleTransition, nextTaskState, taskStates, type TaskState } from './task-state.js';

const TASK = 'r' as TaskId;

/** Events of one task, numbered as a log numbers them; what they carry does not matter here. */
const historyOf = (types: readonly EventType[]): RecordedEvent[] =>
  types.map(
    (type, at) =>
      ({ type, task: type === 'CancelRequested' ? '' : TASK, version: at + 1 }) as RecordedEvent,
  );

const stateAfter = (...types: EventType[]): TaskState | undefined =>
  taskStates(historyOf(['TaskScheduled', ...types])).get(TASK);

/** What the store does with a task, as a model of its own: the events of each operation, and where it leads. */
interface Step {
  readonly from: readonly TaskState[];
  readonly to: TaskState;
  readonly events: readonly EventType[];
}
const OPERATIONS: readonly Step[] = [
  { from: ['Idle'], to: 'Processing', events: ['TaskStarted'] },
  { from: ['AwaitingInput'], to: 'Processing', events: ['TaskStarted'] },
  { from: ['Processing'], to: 'Processing', events: ['StepCompleted', 'StateChanged'] },
  { from: ['Processing'], to: 'Processing', events: ['EffectIntended', 'EffectInDoubt'] },
  { from: ['Processing'], to: 'AwaitingInput', events: ['TimerSet', 'TaskSuspended'] },
  { from: ['Processing'], to: 'AwaitingInput', events: ['AttemptFailed', 'TaskSuspended'] },
  { from: ['AwaitingInput'], to: 'AwaitingInput', events: ['TimerFired'] },
  { from: ['Processing'], to: 'Idle', events: ['TaskReleased'] },
  { from: ['Processing'], to: 'Idle', events: ['LeaseExpired'] },
  { from: ['Processing'], to: 'Idle', events: ['AttemptTimedOut'] },
  { from: ['Processing'], to: 'AwaitingInput', events: ['LeaseExpired', 'TaskParked'] },
  { from: ['Processing'], to: 'AwaitingInput', events: ['TaskParked'] },
  { from: ['Processing'], to: 'Completed', events: ['TaskCompleted'] },
  { from: ['Processing'], to: 'Completed', events: ['TaskHandedOff'] },
  { from: ['Processing'], to: 'Failed', events: ['TaskFailed'] },
  { from: ['Failed', 'AwaitingInput'], to: 'Idle', events: ['TaskReopened'] },
  { from: ['Failed', 'AwaitingInput'], to: 'Idle', events: ['TaskReopened', 'RequestCorrected'] },
  { from: ['AwaitingInput'], to: 'Idle', events: ['EffectSettled', 'TaskReopened'] },
  { from: ['Processing', 'AwaitingInput'], to: 'Idle', events: ['CancelRequested'] },
  {
    from: ['Idle', 'Processing', 'AwaitingInput'],
    to: 'Failed',
    events: ['CancelRequested', 'TaskCancelled'],
  },
];

/** A history that the store can write, and the state that it leaves the task in. */
const histories = fc.array(fc.nat(), { maxLength: 60 }).map((choices) => {
  const types: EventType[] = ['TaskScheduled'];
  let state: TaskState = 'Idle';
  for (const choice of choices) {
    const possible = OPERATIONS.filter(({ from }) => from.includes(state));
    const step = possible[choice % Math.max(1, possible.length)];
    if (!step) break;
    types.push(...step.events);
    state = step.to;
  }
  return { types, state };
});

const REPEATABLE: readonly EventType[] = [
  'TaskReopened',
  'RequestCorrected',
  'EffectSettled',
  'CancelRequested',
  'TimerFired',
];
const isRepeatable = (type: EventType): boolean =>
  REPEATABLE.includes(type) || nextStateOrNull('Processing', type) === 'Processing';

function nextStateOrNull(from: TaskState, type: EventType): TaskState | null {
  try {
    return nextTaskState(TASK, from, { type, version: 1 });
  } catch {
    return null;
  }
}

describe('task states', () => {
  it('follows every history that the store can write', () => {
    fc.assert(
      fc.property(histories, ({ types, state }) => {
        expect(taskStates(historyOf(types)).get(TASK)).toBe(state);
      }),
    );
  });

  it('is a defect when anything that moves a task happens twice in a row', () => {
    fc.assert(
      fc.property(histories, fc.nat(), ({ types }, choice) => {
        const at = choice % types.length;
        const doubled = types[at]!;
        fc.pre(!isRepeatable(doubled));
        const history = historyOf([...types.slice(0, at + 1), doubled, ...types.slice(at + 1)]);
        expect(() => taskStates(history)).toThrow(ImpossibleTransition);
      }),
    );
  });

  it('is a defect when a task does something before it is started', () => {
    for (const type of ['StepCompleted', 'TaskCompleted', 'TaskSuspended'] as const) {
      expect(() => stateAfter(type)).toThrow(ImpossibleTransition);
    }
  });

  it('is a defect when a task is in no log', () => {
    expect(() => taskStates(historyOf(['TaskStarted']))).toThrow(
      'task r is not there, and event 1 of its log is TaskStarted',
    );
  });

  it('lets only a person move a task that has ended', () => {
    const moving = OPERATIONS.flatMap(({ events }) => events);
    for (const type of new Set(moving)) {
      expect(nextStateOrNull('Completed', type) ?? 'Completed').toBe('Completed');
      const byPerson = type === 'TaskReopened' || type === 'EffectSettled';
      expect(nextStateOrNull('Failed', type) ?? 'Failed').toBe(byPerson ? 'Idle' : 'Failed');
    }
  });

  it('shows a woken task as AwaitingInput until somebody starts it', () => {
    expect(stateAfter('TaskStarted', 'TaskSuspended', 'TimerFired')).toBe('AwaitingInput');
    expect(stateAfter('TaskStarted', 'TaskSuspended', 'TimerFired', 'TaskStarted')).toBe(
      'Processing',
    );
  });

  it('takes every open task from its worker when the workflow is cancelled', () => {
    const child = 'r.1' as TaskId;
    const events = [
      { type: 'TaskScheduled', task: TASK },
      { type: 'TaskStarted', task: TASK },
      { type: 'TaskScheduled', task: child },
      { type: 'CancelRequested', task: '' },
      { type: 'TaskCancelled', task: child },
    ].map((event, at) => ({ ...event, version: at + 1 }) as RecordedEvent);
    expect([...taskStates(events)]).toEqual([
      [TASK, 'Idle'],
      [child, 'Failed'],
    ]);
    expect(taskStates(events, 3).get(TASK)).toBe('Processing');
  });
});
