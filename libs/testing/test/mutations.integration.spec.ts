import { beforeAll, describe, expect, it } from '@jest/globals';
import { isFullRun } from '@lockstep/testing';
import { MUTATIONS } from './mutations/mutations.js';
import { tryAll, tryWithout, type Verdict } from './mutations/trial.js';

const LONG_MS = 3_600_000;
const TRIED = MUTATIONS.filter(({ slow }) => isFullRun || slow !== true);

describe('in a copy of the sources', () => {
  let unchanged: readonly string[];
  let verdicts: readonly Verdict[];
  beforeAll(async () => {
    unchanged = await tryWithout(TRIED);
    verdicts = await tryAll(TRIED);
  }, LONG_MS);

  it('the tests of all rules are green', () => {
    expect(unchanged).toEqual([]);
  });

  it.each(TRIED.map((mutation, at) => ({ ...mutation, at })))(
    'its test is red without $rule: $breaks',
    ({ at }) => {
      expect(verdicts[at]).toBeNull();
    },
  );
});
