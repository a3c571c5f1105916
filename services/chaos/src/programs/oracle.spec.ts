import { describe, expect, it } from '@jest/globals';
import { fits } from './forecast.js';
import { endCalledOff, endOf } from './oracle.js';
import type { Act, Part, Policy, Program } from './program.js';

const programOf = (body: Part, policy: Policy = 'compensate'): Program => ({
  root: { role: 'north', body },
  policy,
});
const act = (id: number, reverse: Act['reverse'] = 'action'): Act => ({
  ...{ kind: 'act', id, key: `act-${id}` },
  ...{ provider: 'probe', reverse },
});
const step = (id: number) => ({ kind: 'step', id, workMs: 0 }) as const;
const failure = (id: number) => ({ kind: 'failure', id, by: 'throw' }) as const;
const several = <K extends 'sequence' | 'all' | 'settled'>(kind: K, id: number, ...parts: Part[]) =>
  ({ kind, id, parts }) as const;
const call = (id: number, body: Part) =>
  ({ kind: 'call', id, task: { role: 'east', body } }) as const;

const surely = { least: 1, most: 1 };
const perhaps = { least: 0, most: 1 };

/** What the oracle says of each effect, by its key. */
const actsOf = (program: Program) =>
  Object.fromEntries(
    endOf(program).acts.map(({ act: { key }, done, isUndone }) => [key, { done, isUndone }]),
  );

describe('the oracle', () => {
  it('lets stand what was done when all succeeds', () => {
    const program = programOf(several('sequence', 1, act(2), call(3, act(4))));
    expect(endOf(program)).toMatchObject({
      status: 'completed',
      value: ['did act-2', 'did act-4'],
    });
    expect(actsOf(program)).toEqual({
      'act-2': { done: surely, isUndone: false },
      'act-4': { done: surely, isUndone: false },
    });
  });

  it('has undone what was done before a failure that nobody catches, and nothing done after it', () => {
    const program = programOf(several('sequence', 1, act(2), act(3, 'none'), failure(4), act(5)));
    expect(endOf(program)).toMatchObject({
      status: 'failed',
      failures: new Set([4]),
      isTold: true,
    });
    expect(actsOf(program)).toEqual({
      'act-2': { done: surely, isUndone: true },
      'act-3': { done: surely, isUndone: false },
    });
  });

  it('lets it stand where the policy is to go on', () => {
    const program = programOf(several('sequence', 1, act(2), failure(3)), 'continue');
    expect(endOf(program)).toMatchObject({ status: 'failed', isTold: false });
    expect(actsOf(program)).toEqual({ 'act-2': { done: surely, isUndone: false } });
  });

  it('leaves open what went on beside a failure', () => {
    const program = programOf(
      several('all', 1, act(2), several('sequence', 3, act(4), failure(5))),
    );
    expect(actsOf(program)).toEqual({
      'act-2': { done: perhaps, isUndone: true },
      'act-4': { done: surely, isUndone: true },
    });
  });

  it('leaves open which of two failures was first', () => {
    const { failures, acts } = endOf(
      programOf(several('all', 1, failure(2), several('sequence', 3, act(4), failure(5)))),
    );
    expect(failures).toEqual(new Set([2, 5]));
    expect(acts).toMatchObject([{ done: perhaps }]);
  });

  it('goes on where a failure is caught', () => {
    const body = several('sequence', 2, act(3), failure(4));
    const caught = { kind: 'attempt', id: 1, body, otherwise: act(5) } as const;
    const program = programOf(several('settled', 6, caught, failure(7)));
    const { value, status } = endOf(program);
    expect(status).toBe('completed');
    expect(fits([['caught 4', 'did act-5'], 'caught 7'], value!)).toBe(true);
    expect(actsOf(program)).toMatchObject({ 'act-3': { done: surely }, 'act-5': { done: surely } });
  });

  it('has losers of a race done by the end, unless they are cancelled or it fails', () => {
    const race = (cancels: boolean) =>
      ({ kind: 'race', id: 1, parts: [step(2), call(3, act(4))], cancels }) as const;
    const failing = several('sequence', 5, race(false), failure(6));
    expect(actsOf(programOf(race(false)))).toMatchObject({ 'act-4': { done: surely } });
    expect(actsOf(programOf(race(true)))).toMatchObject({ 'act-4': { done: perhaps } });
    expect(actsOf(programOf(failing))).toMatchObject({
      'act-4': { done: perhaps, isUndone: true },
    });
    expect(endOf(programOf(race(true))).value).toEqual({ oneOf: ['step 2', 'did act-4'] });
  });

  it('counts an effect once that two use, and as sure when one of them is', () => {
    const again = { ...act(2), id: 7 };
    const program = programOf(several('sequence', 1, act(2), call(3, again)));
    expect(actsOf(program)).toEqual({ 'act-2': { done: surely, isUndone: false } });
  });

  it('adds up what is surely counted, and what may be', () => {
    const count = (id: number, amount: number) =>
      ({ kind: 'count', id, by: 'merge', amount }) as const;
    const branches = several(
      'all',
      1,
      several('sequence', 2, count(3, 5), failure(4)),
      count(5, 2),
    );
    expect(endOf(programOf(branches)).count).toEqual({ least: 5, most: 7 });
  });
});

describe('the oracle of what is called off', () => {
  const count = { kind: 'count', id: 6, by: 'merge', amount: 5 } as const;
  const program = programOf(several('sequence', 1, act(2), call(3, act(4, 'none')), count));

  it('has everything done or not, and undoes what was done and can be', () => {
    expect(endCalledOff(program, 'cancel and undo')).toMatchObject({
      ...{ status: 'cancelled', isTold: true, count: { least: 0, most: 5 } },
      acts: [
        { done: perhaps, isUndone: true },
        { done: perhaps, isUndone: false },
      ],
    });
    expect(endCalledOff(program, 'roll back')).toMatchObject({ status: 'failed', isTold: true });
  });

  it('lets stand what was done when it is only cancelled', () => {
    const { acts, isTold } = endCalledOff(program, 'cancel');
    expect(acts.map(({ isUndone }) => isUndone)).toEqual([false, false]);
    expect(isTold).toBe(false);
  });

  it('has nothing done that it would not have come to', () => {
    const failing = programOf(several('sequence', 1, failure(2), act(3)));
    expect(endCalledOff(failing, 'cancel').acts).toEqual([]);
  });
});

describe('a value', () => {
  it('fits the pattern with its choice, and no other', () => {
    const pattern = ['a', { oneOf: ['b', ['c', 'd']] }];
    expect(fits(['a', 'b'], pattern)).toBe(true);
    expect(fits(['a', ['c', 'd']], pattern)).toBe(true);
    expect(fits(['a', 'c'], pattern)).toBe(false);
    expect(fits(['a'], pattern)).toBe(false);
    expect(fits(undefined, pattern)).toBe(false);
  });
});
