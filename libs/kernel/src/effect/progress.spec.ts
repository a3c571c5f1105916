import { describe, expect, it } from '@jest/globals';
import type { EffectIntent, EventMeta, EventType, RecordedEvent } from '../events/event.js';
import { BLAMELESS, effectProgress, failedAttempts, intentInDoubt } from './progress.js';

const intent: EffectIntent = {
  action: 'refund',
  key: 'order-1',
  attempt: 1,
  inputDigest: 'd',
  windowMs: 1000,
  timeoutMs: 2000,
  risk: 'high',
};

let version = 0;
function event<T extends EventType>(type: T, meta: EventMeta[T], data = ''): RecordedEvent {
  version += 1;
  return { type, task: 'r', op: 1, meta, data, version, epoch: 1, atMs: 0 } as RecordedEvent;
}

const notPerformed = (code: string): RecordedEvent =>
  event('EffectNotPerformed', {
    attempt: 1,
    error: [{ name: code, code, kind: 'transient', message: '' }],
    retryInMs: 1,
    timer: false,
  });
const settled = (verdict: EventMeta['EffectSettled']['verdict']): RecordedEvent =>
  event('EffectSettled', { verdict, by: 'ann' }, '"receipt"');

describe('the progress of an effect', () => {
  it('is its first attempt before anything is recorded', () => {
    expect(effectProgress([])).toEqual({ now: 'attempt', attempt: 1 });
  });

  it('G5: is doubt from its intent until an outcome', () => {
    expect(effectProgress([event('EffectIntended', intent)])).toEqual({
      ...{ now: 'in-doubt', intent, isSatOut: false },
    });
    const doubted = event('EffectInDoubt', { attempt: 1, error: [] });
    expect(effectProgress([event('EffectIntended', intent), doubted]).now).toBe('in-doubt');
  });

  it('G5: has an intent in doubt while nobody knows what became of it', () => {
    const open = event('EffectIntended', intent);
    expect(intentInDoubt([open])).toEqual(intent);
    const done = event('EffectCommitted', { action: 'pay', key: 'k', occurrence: 1, by: 'probe' });
    for (const known of [[], [open, done], [open, notPerformed('x')], [open, settled('happened')]])
      expect(intentInDoubt(known)).toBeNull();
  });

  it('E5: knows that the times of an attempt were waited out before its target took no questions', () => {
    const deferred = (reason: EventMeta['AttemptDeferred']['reason']): RecordedEvent =>
      event('AttemptDeferred', { name: 'effect refund k', target: 'bank', reason, retryInMs: 1 });
    const isSatOut = (...events: RecordedEvent[]) => effectProgress(events);
    const open = event('EffectIntended', intent);
    expect(isSatOut(open, deferred('open'))).toMatchObject({ isSatOut: true });
    expect(isSatOut(open, deferred('busy'))).toMatchObject({ isSatOut: false });
    expect(isSatOut(deferred('open'), open)).toMatchObject({ isSatOut: false });
  });

  it('counts what the outside world refused for now, and nothing that was nobody’s failure', () => {
    const history = [
      event('EffectIntended', intent),
      notPerformed('NotPerformed'),
      event('EffectIntended', intent),
      notPerformed(BLAMELESS.lost),
      event('EffectIntended', intent),
      notPerformed(BLAMELESS.held),
    ];
    expect(effectProgress(history)).toEqual({ now: 'attempt', attempt: 4 });
    expect(failedAttempts(history)).toEqual([history[1]]);
  });

  it('is what a person said about the open intent', () => {
    const open = event('EffectIntended', intent);
    const progress = effectProgress([open, settled('happened')]);
    expect(progress).toEqual({ now: 'settled', intent, verdict: 'happened', receipt: '"receipt"' });
    expect(effectProgress([open, settled('probe-again')]).now).toBe('in-doubt');
  });

  it('does not take a person’s word about an attempt that already had an outcome', () => {
    const late = [event('EffectIntended', intent), notPerformed('x'), settled('happened')];
    expect(effectProgress(late).now).toBe('attempt');
  });
});
