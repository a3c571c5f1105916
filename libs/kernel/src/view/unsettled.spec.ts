import { describe, expect, it } from '@jest/globals';
import { BLAMELESS } from '../effect/progress.js';
import type { EventMeta, EventType, RecordedEvent, TaskId, WorkflowId } from '../events/event.js';
import { evolveView } from './evolve-view.js';
import { type UnsettledEffect, unsettledOf } from './unsettled.js';
import { initialView } from './workflow-view.js';

const ROOT = 'r' as TaskId;
const OP = 3;
const failure = (code: string) =>
  [{ name: 'E', code, kind: 'transient', message: 'the bank is away' }] as const;
const ERROR = failure('Down');

type Told = Pick<RecordedEvent, 'type' | 'task' | 'op' | 'meta'>;
const of = <T extends EventType>(type: T, meta: EventMeta[T], op = OP, task = ROOT): Told => ({
  type,
  meta,
  op,
  task,
});

const INTENT = { action: 'refund', key: 'o1', inputDigest: 'd', risk: 'high' } as const;
const BEGUN = [
  of('WorkflowStarted', { type: 'job', version: 1, tenant: 'acme', root: ROOT }, 0, '' as TaskId),
  of('TaskScheduled', {
    ...{ role: 'payments', major: 1, name: 'refund', version: 1, by: null, returnTo: null },
  }),
  of('TaskStarted', { worker: 'w1', claim: 'c', dispatch: 1, alone: false }),
];
const intended = (attempt = 1): Told =>
  of('EffectIntended', { ...INTENT, attempt, windowMs: 1, timeoutMs: 1 });
const DOUBT = of('EffectInDoubt', { attempt: 1, error: ERROR });
const PARKED = of('TaskParked', {
  reason: 'EffectInDoubt',
  error: failure('EffectInDoubt'),
  op: OP,
});
const EXPIRED = of('LeaseExpired', { worker: 'w1', reason: 'lease', alone: false }, 0);
const notPerformed = (code: string): Told =>
  of('EffectNotPerformed', { attempt: 1, error: failure(code), retryInMs: 9, timer: true });

/** What of a log with these events, one a ms, is not settled. */
function after(...told: readonly Told[]): UnsettledEffect[] {
  const events = [...BEGUN, ...told].map(
    (each, at) => ({ ...each, data: '', version: at + 1, epoch: 1, atMs: 1 + at }) as RecordedEvent,
  );
  return unsettledOf(evolveView(initialView('wf-1' as WorkflowId), events));
}

describe('an effect is not settled', () => {
  it('G5: while it may or may not have happened, from when that began', () => {
    expect(after(intended())).toEqual([]);
    expect(after(intended(), EXPIRED)).toMatchObject([
      { nth: 0, role: 'payments', status: 'in-doubt', sinceMs: 5, error: [], options: [] },
    ]);
    const [inDoubt] = after(intended(), EXPIRED, DOUBT);
    expect(inDoubt).toMatchObject({ sinceMs: 5, error: ERROR, effect: { key: 'o1' } });
  });

  it('G5: while it is tried again under the same key, which says nothing of the attempt before', () => {
    const [again] = after(intended(), DOUBT, intended(2));
    expect(again).toMatchObject({ status: 'in-doubt', sinceMs: 5, effect: { attempts: 2 } });
  });

  it('G6: while its task waits for a person, who can settle it', () => {
    const [parked] = after(intended(), DOUBT, PARKED);
    expect(parked).toMatchObject({ status: 'parked', sinceMs: 5, error: ERROR });
    expect(parked?.options[0]).toMatchObject({ action: 'settle', task: ROOT, op: OP });
  });

  it('G6: while its task waits for a person because another keeps its key', () => {
    const held = notPerformed(BLAMELESS.held);
    expect(after(intended(), held)).toEqual([]);
    const [parked] = after(intended(), held, PARKED);
    expect(parked).toMatchObject({ status: 'parked', sinceMs: 6 });
    expect(parked?.options[0]).toMatchObject({ action: 'redrive', task: ROOT });
  });

  it('G6: while a person holds its workflow', () => {
    const hold = of('WorkflowParked', { reason: 'an audit', by: 'ann' }, 0, '' as TaskId);
    const [held] = after(intended(), EXPIRED, hold);
    expect(held).toMatchObject({ status: 'parked', options: [{ action: 'resume' }, {}, {}] });
  });

  it('G6: also after its workflow completed, which wanted its call no more', () => {
    const call = { task: ROOT, op: 1 };
    const child = 'r.1' as TaskId;
    const request = { role: 'bank', major: 1, name: 'book', version: 1 };
    const told = after(
      of('TaskScheduled', { ...request, by: call, returnTo: call }, 0, child),
      of('TaskStarted', { worker: 'w2', claim: 'd', dispatch: 1, alone: false }, 0, child),
      { ...intended(), task: child },
      of('CallCancelled', { reason: 'no longer wanted' }, 1),
      of('TaskCompleted', { returnTo: null, version: 1 }, 0),
      { ...PARKED, task: child },
    );
    expect(told).toMatchObject([{ role: 'bank', status: 'parked', effect: { task: child } }]);
    expect(told[0]?.options).toMatchObject([{ action: 'settle', task: child, op: OP }]);
  });

  it('G5: no more, once its outcome is known', () => {
    const outcome = { action: 'refund', key: 'o1', occurrence: 1 };
    const settled = of('EffectSettled', { verdict: 'happened', by: 'ann' });
    const committed = of('EffectCommitted', { ...outcome, by: 'person' });
    expect(after(intended(), DOUBT, PARKED, settled)).toHaveLength(1);
    expect(after(intended(), DOUBT, PARKED, settled, committed)).toEqual([]);
    expect(after(intended(), DOUBT, notPerformed('Down'))).toEqual([]);
    expect(after(intended(), DOUBT, of('EffectRejected', { error: ERROR }))).toEqual([]);
  });
});
