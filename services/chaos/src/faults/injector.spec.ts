import { describe, expect, it } from '@jest/globals';
import { eventually } from '@lockstep/testing';
import { type Injected, Injector } from './injector.js';
import { PLANNED_KINDS, type PlannedKind } from './kinds.js';
import type { PlannedFault } from './plan.js';
import type { Striker } from './strike.js';

const never = new AbortController().signal;
const planned = (kind: PlannedKind, seed = 1): PlannedFault => ({ kind, atMs: 0, seed });

/** Every kind is injected in the same way. */
const all = (striker: Striker) =>
  Object.fromEntries(PLANNED_KINDS.map((kind) => [kind, striker])) as Record<PlannedKind, Striker>;
const strike = (over: Promise<unknown>) => Promise.resolve({ target: 't', held: [], over });

describe('the injector', () => {
  it('injects what is planned in its order, and tells of each', async () => {
    const injected: string[] = [];
    const injector = new Injector(
      all(() => strike(Promise.resolve())),
      ({ kind, target }) => injected.push(`${kind} ${target}`),
    );
    await injector.run([planned('redis-killed'), planned('agent-killed')], never);
    expect(injected).toEqual(['redis-killed t', 'agent-killed t']);
  });

  it('draws the same from the same seed', async () => {
    const drawn: number[] = [];
    const striker: Striker = (random) => {
      drawn.push(random());
      return strike(Promise.resolve());
    };
    const injector = new Injector(all(striker), () => undefined);
    await injector.run([planned('replies-lost', 5), planned('redis-killed', 5)], never);
    expect(drawn[0]).toBe(drawn[1]);
  });

  it('does not count what found nothing to strike', async () => {
    const injected: Injected[] = [];
    const injector = new Injector(
      all(() => Promise.resolve(undefined)),
      (each) => injected.push(each),
    );
    await injector.run([planned('agent-killed')], never);
    expect(injected).toEqual([]);
  });

  it('goes on while a fault lasts, and has ended when every one is over', async () => {
    const fault = Promise.withResolvers<undefined>();
    const struck: string[] = [];
    const injector = new Injector(
      all(() => strike(fault.promise)),
      ({ kind }) => struck.push(kind),
    );
    let hasEnded = false;
    const plan = [planned('agent-frozen'), planned('redis-frozen')];
    const run = injector.run(plan, never).then(() => (hasEnded = true));
    await eventually(() => struck.length === 2, { what: 'both strike' });
    expect(hasEnded).toBe(false);
    fault.resolve(undefined);
    await run;
  });

  it('fails when a fault cannot be ended', async () => {
    const striker: Striker = () => strike(Promise.reject(new Error('it does not thaw')));
    const injector = new Injector(all(striker), () => undefined);
    const run = injector.run([planned('redis-frozen')], never);
    await expect(run).rejects.toThrow('it does not thaw');
  });

  it('injects nothing more once it is aborted', async () => {
    const injected: Injected[] = [];
    const injector = new Injector(
      all(() => strike(Promise.resolve())),
      (each) => injected.push(each),
    );
    await injector.run([planned('agent-killed')], AbortSignal.abort());
    expect(injected).toEqual([]);
  });
});
