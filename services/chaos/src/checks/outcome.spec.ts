import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@lockstep/kernel';
import { endCalledOff, endOf } from '../programs/oracle.js';
import type { Part, Program } from '../programs/program.js';
import { outcomeFaults } from './outcome.js';

const programOf = (...parts: Part[]): Program => ({
  root: { role: 'north', body: { kind: 'sequence', id: 1, parts } },
  policy: 'continue',
});
const completing = endOf(programOf({ kind: 'savepoint', id: 2 }));
const failing = endOf(programOf({ kind: 'failure', id: 3, by: 'throw' }));
const counting = endOf(programOf({ kind: 'count', id: 4, by: 'merge', amount: 5 }));

/** The end of the first task. */
const rootEvent = (type: 'TaskCompleted' | 'TaskFailed', meta: object, data = '') =>
  ({
    version: 1,
    type,
    task: 'r',
    op: 0,
    epoch: 1,
    atMs: 0,
    data,
    meta,
  }) as unknown as RecordedEvent;
const answered = (value: unknown) =>
  rootEvent(
    'TaskCompleted',
    { version: 1, returnTo: null },
    JSON.stringify({ value: JSON.stringify(value) }),
  );
const failedWith = (message: string) => {
  const error = [{ name: 'E', code: 'E', kind: 'rejected', message }];
  return rootEvent('TaskFailed', { error, returnTo: null, origin: { task: 'r', role: 'north' } });
};

describe('the outcome of a program', () => {
  it('is right as the oracle says', () => {
    const completed = { status: 'completed', events: [answered(['savepoint 2'])] };
    expect(outcomeFaults(completed, completing)).toEqual([]);
    const failed = { status: 'failed', events: [failedWith('north.run failed: fails at 3')] };
    expect(outcomeFaults(failed, failing)).toEqual([]);
  });

  it('is no other status', () => {
    const failed = { status: 'failed', events: [failedWith('why')] };
    expect(outcomeFaults(failed, completing)).toEqual(['it is failed instead of completed: why']);
  });

  it('is no other value', () => {
    const wrong = { status: 'completed', events: [answered(['savepoint 7'])] };
    expect(outcomeFaults(wrong, completing).join()).toContain('does not fit ["savepoint 2"]');
  });

  it('is no other failure', () => {
    const wrong = { status: 'failed', events: [failedWith('the sky is falling')] };
    expect(outcomeFaults(wrong, failing)).toEqual([
      'it failed with "the sky is falling" instead of one of 3',
    ]);
  });

  it('is what the person wanted who called it off, with no failure of its own', () => {
    const program = programOf({ kind: 'savepoint', id: 2 });
    const rolledBack = endCalledOff(program, 'roll back');
    expect(outcomeFaults({ status: 'failed', events: [] }, rolledBack)).toEqual([]);
    const cancelled = endCalledOff(program, 'cancel');
    expect(outcomeFaults({ status: 'completed', events: [] }, cancelled)).toEqual([
      'it is completed instead of cancelled',
    ]);
  });

  it('has counted neither more nor less', () => {
    const lost = { status: 'completed', events: [answered(['count 4'])] };
    expect(outcomeFaults(lost, counting)).toEqual([
      'the shared state has counted 0 instead of 5 to 5',
    ]);
  });
});
