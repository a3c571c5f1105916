import { describe, expect, it } from '@jest/globals';
import { isFullRun, seedOf } from '@lockstep/testing';
import { disagreement } from './agreement.js';

const RUNS = isFullRun ? 3000 : 200;
const SEED = seedOf('targets');
const LONG_MS = 3_600_000;

/** Each rule of a target, and the edit that takes it out of the library. */
const WITHOUT: readonly (readonly [rule: string, file: string, before: string, after: string])[] = [
  ['B1: no more permits than the limit', 'admit.lua', 'limits.concurrency == 0 or', 'true or'],
  ['B1: a permit has a lease', 'admit.lua', "permits, '(' .. now,", "permits, '-inf',"],
  [
    'B2: a permit is reported once',
    'report.lua',
    "redis.call('ZREM', target.permits, permit)\n",
    '\n',
  ],
  ['B3: nobody is admitted while it is open', 'admit.lua', 'and left > 0', 'and false'],
  ['B3: a few probes', 'admit.lua', 'passed + out(target.probes, target.now)', '0'],
  [
    'B3: as many as are asked for go well',
    'report.lua',
    'target.passed + 1 >= limits.probes',
    'true',
  ],
  ['B3: a failed probe opens it', 'report.lua', 'if is_bad == 1 then', 'if false then'],
  ['B3: a probe alone moves it', 'report.lua', 'elseif is_probe and', 'elseif'],
  ['a minimum of calls', 'report.lua', 'all < limits.minimum', 'false'],
  ['a rate of failures', 'report.lua', 'bad < all * limits.failure_rate', 'false'],
  ['a window that slides', 'report.lua', 'start <= now - limits.window_ms', 'false'],
  ['what was not used does not count', 'report.lua', "outcome ~= 'unused'", 'true'],
  [
    'a new count after each change',
    'shared/target.lua',
    'target.window, target.probes',
    'target.probes',
  ],
  ['a bucket of tokens', 'admit.lua', 'limits.per_second == 0 or', 'true or'],
  ['a bucket that is never fuller', 'admit.lua', 'math.min(full_bucket,', 'math.max(0,'],
  ['tokens that come back', 'admit.lua', '+ passed * limits.per_second', ''],
];

describe('a target and its model', () => {
  it(
    'agree after every call of every history, and never more permits are out than may be',
    async () => {
      expect(await disagreement({ runs: RUNS, seed: SEED })).toBeNull();
    },
    LONG_MS,
  );

  it.each(WITHOUT)(
    'disagree without the rule: %s',
    async (_, file, before, after) => {
      const edit = (name: string, source: string): string => {
        if (name !== file) return source;
        expect(source).toContain(before);
        return source.replace(before, after);
      };
      expect(await disagreement({ runs: 2000, seed: 7, edit })).not.toBeNull();
    },
    LONG_MS,
  );
});
