import { describe, expect, it } from '@jest/globals';
import { seedOf } from '@lockstep/testing';
import { fits } from '../src/programs/forecast.js';
import { generate } from '../src/programs/generate.js';
import { type End, endOf } from '../src/programs/oracle.js';
import { type Ran, runInMemory } from './in-memory.js';

const PROGRAMS = 1500;

describe('a program that the agents interpret', () => {
  it('ends as the oracle says, whatever happens first', async () => {
    const seed = seedOf('the oracle');
    let failed = 0;
    for (let at = 0; at < PROGRAMS; at += 1) {
      const program = generate(seed * PROGRAMS + at);
      const end = endOf(program);
      const ran = await runInMemory(program, at);
      expect({ at, program, ran, wrong: wrongIn(ran, end) }).toMatchObject({ wrong: [] });
      failed += end.status === 'failed' ? 1 : 0;
    }
    expect(failed).toBeGreaterThan(PROGRAMS / 10);
    expect(failed).toBeLessThan(PROGRAMS / 1.5);
  });
});

function wrongIn({ value, failure, acted, counted }: Ran, end: End): string[] {
  const known = new Map(end.acts.map((each) => [each.act.key, each]));
  const isRightEnd =
    end.value === null
      ? failure !== undefined && end.failures.has(failure)
      : value !== null && fits(value, end.value);
  return [
    ...(isRightEnd ? [] : ['another end']),
    ...[...acted].filter((key) => !known.has(key)).map((key) => `${key} was done`),
    ...end.acts
      .filter(({ act, done }) => done.least === 1 && !acted.has(act.key))
      .map(({ act }) => `${act.key} was not done`),
    ...(counted < end.count.least || counted > end.count.most ? ['counted otherwise'] : []),
  ];
}
