import { describe, expect, it } from '@jest/globals';
import { generate } from './generate.js';
import { bodiesOf, type Part, partsOf, type Program, type Task } from './program.js';

const SEEDS = Array.from({ length: 500 }, (_, at) => at + 1);
const programs = SEEDS.map(generate);
const partsIn = ({ root }: Program): Part[] => bodiesOf(root).flatMap((body) => [...partsOf(body)]);

describe('a generated program', () => {
  it('is the same for the same seed, and hardly ever for another', () => {
    expect(SEEDS.map(generate)).toEqual(programs);
    expect(new Set(programs.map((each) => JSON.stringify(each))).size).toBeGreaterThan(490);
  });

  it('is of every kind of part, among some hundred', () => {
    const kinds = new Set(programs.flatMap(partsIn).map(({ kind }) => kind));
    const composites = ['sequence', 'all', 'settled', 'race', 'call', 'attempt'];
    const leaves = ['step', 'act', 'sleep', 'wait', 'count', 'savepoint', 'change', 'failure'];
    expect([...kinds].sort()).toEqual([...composites, ...leaves].sort());
  });

  it('names each of its parts once', () => {
    for (const program of programs) {
      const ids = partsIn(program).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('waits for each signal once at most', () => {
    for (const program of programs) {
      const signals = partsIn(program).flatMap((each) => ('signal' in each ? each.signal : []));
      expect(new Set(signals).size).toBe(signals.length);
    }
  });

  it('shares a key only between the same effect', () => {
    const acts = programs.map((each) => partsIn(each).filter((part) => part.kind === 'act'));
    const shared = acts.map((each) => Map.groupBy(each, ({ key }) => key));
    const uses = shared.flatMap((each) => [...each.values()]);
    expect(uses.some((each) => each.length > 1)).toBe(true);
    for (const each of uses) expect(new Set(each.map(kindOfAct)).size).toBe(1);
  });

  it('hands tasks off, and calls them one inside the other', () => {
    expect(programs.some(({ root }) => root.handoff)).toBe(true);
    expect(Math.max(...programs.map(({ root }) => depthOf(root)))).toBeGreaterThan(2);
  });
});

const kindOfAct = ({ provider, reverse }: Part & { kind: 'act' }) => `${provider} ${reverse}`;

function depthOf(task: Task): number {
  const called = bodiesOf(task)
    .flatMap((body) => [...partsOf(body)])
    .flatMap((part) => (part.kind === 'call' ? depthOf(part.task) : []));
  return 1 + Math.max(0, ...called);
}
