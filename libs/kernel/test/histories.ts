// Logs of one workflow, told event by event.

import type {
  EventMeta,
  EventType,
  RecordedEvent,
  TaskId,
  WorkflowId,
} from '../src/events/event.js';

export const WF = 'wf-1' as WorkflowId;
export const ROOT = 'r' as TaskId;
export const CHILD = 'r.2' as TaskId;
export const ERROR = [
  { name: 'Error', code: 'NoSuchOrder', kind: 'permanent', message: 'no' },
] as const;

export type Told = readonly [RecordedEvent['task'], number, EventType, object?, string?];
export const of = <T extends EventType>(
  task: TaskId | '',
  type: T,
  meta: EventMeta[T],
  op = 0,
  data = '',
): Told => [task, op, type, meta, data];

/** A log as it is read back, one event a ms. */
export const logOf = (...told: readonly Told[]): RecordedEvent[] =>
  told.map(
    ([task, op, type, meta, data], at) =>
      ({ task, op, type, meta, data, version: at + 1, epoch: 1, atMs: 1001 + at }) as RecordedEvent,
  );

const merges = { notes: 'append', cents: 'sum' } as const;
export const request = { role: 'concierge', major: 1, name: 'serve', version: 1 };
export const STARTED = of('', 'WorkflowStarted', {
  ...{ type: 'job', version: 2, tenant: 'acme', root: ROOT },
  merges,
});
export const SCHEDULED = of(
  ROOT,
  'TaskScheduled',
  { ...request, by: null, returnTo: null },
  0,
  '{}',
);
export const begun = (task = ROOT): Told =>
  of(task, 'TaskStarted', { worker: 'w1', claim: 'c', dispatch: 1, alone: false });
export const RUNNING = [STARTED, SCHEDULED, begun()];
export const CALLED = of(CHILD, 'TaskScheduled', {
  ...{ ...request, role: 'orders', name: 'lookup' },
  ...{ by: { task: ROOT, op: 2 }, returnTo: { task: ROOT, op: 2 } },
});
export const INTENT: EventMeta['EffectIntended'] = {
  ...{ action: 'refund', key: 'o1', attempt: 1, inputDigest: 'd1' },
  ...{ windowMs: 1, timeoutMs: 2 },
  risk: 'high',
};
export const INTENDED = of(ROOT, 'EffectIntended', INTENT, 3);
export const COMMITTED = of(
  ROOT,
  'EffectCommitted',
  {
    ...{ action: 'refund', key: 'o1', occurrence: 1, by: 'attempt' },
  },
  3,
  '{}',
);
export const EXPIRED = of(ROOT, 'LeaseExpired', { worker: 'w1', reason: 'lease', alone: false });
export const CANCEL = of('', 'CancelRequested', { reason: 'a mistake', by: 'ann' });
export const FAILED = of(ROOT, 'TaskFailed', {
  ...{ error: ERROR, returnTo: null, origin: { task: CHILD, role: 'orders' } },
});
export const DONE = [
  of(ROOT, 'TaskCompleted', { version: 3, returnTo: null }, 0, '{"ok":true}'),
  of('', 'WorkflowCompleted', {}),
];

/** Logs with everything that a view shows, for what must hold of any. */
export const HISTORIES: readonly (readonly Told[])[] = [
  [
    ...RUNNING,
    of(ROOT, 'StepCompleted', { name: 'plan', attempt: 1 }, 1, '[]'),
    of(ROOT, 'StateChanged', { fields: ['notes', 'cents'] }, 4, '{"notes":["a"],"cents":5}'),
    CALLED,
    of(ROOT, 'TaskSuspended', { waits: { any: [], all: [[2]], signals: ['go'] } }),
    begun(CHILD),
    of(CHILD, 'TaskCompleted', { version: 1, returnTo: { task: ROOT, op: 2 } }, 0, '{}'),
    begun(),
    INTENDED,
    EXPIRED,
    begun(),
    COMMITTED,
    of(ROOT, 'StateChanged', { fields: ['cents'] }, 5, '{"cents":0.1}'),
    ...DONE,
  ],
  [
    ...RUNNING,
    of(ROOT, 'TimerSet', { delayMs: 500 }, 1),
    INTENDED,
    of(ROOT, 'EffectInDoubt', { attempt: 1, error: ERROR }, 3),
    of(ROOT, 'TaskParked', { reason: 'EffectInDoubt', error: ERROR, op: 3 }),
    of(ROOT, 'EffectSettled', { verdict: 'happened', by: 'ann' }, 3, '{}'),
    begun(),
    of(ROOT, 'EffectCommitted', { action: 'refund', key: 'o1', occurrence: 1, by: 'person' }, 3),
    CANCEL,
    of(ROOT, 'TaskCancelled', {}),
    of('', 'WorkflowParked', { reason: 'CancelledWithEffects' }),
  ],
  [...RUNNING, FAILED, of(ROOT, 'TaskReopened', { keepUpTo: 3, by: 'ann' }), begun(), ...DONE],
];
