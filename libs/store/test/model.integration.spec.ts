import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startRedis, type RedisServer } from '@lockstep/testing';
import { Redis } from 'ioredis';
import { disagreement, type Histories } from './model/agreement.js';
import { histories, ledgerHistories, retirementHistories } from './model/commands.js';
import { traced } from './model/traced.js';

/** More histories, or the same again: LOCKSTEP_MODEL_RUNS=5000 LOCKSTEP_MODEL_SEED=42. */
const RUNS = Number(process.env['LOCKSTEP_MODEL_RUNS'] ?? 150);
const SEED = Number(process.env['LOCKSTEP_MODEL_SEED'] ?? Date.now() % 2 ** 31);
const LONG_MS = 3_600_000;

/** Each rule of the design, and the edit that takes it out of the library. */
const WITHOUT: readonly (readonly [rule: string, file: string, before: string, after: string])[] = [
  ['S2: fences by the claim', 'append.lua', 'task.claim ~= change.claim', 'false'],
  [
    'S2: gives the repeat of a claim the same answer',
    'claim.lua',
    "task and task.claim == claim.token and task.state == 'running'",
    'false',
  ],
  [
    'S3: takes the next append number alone',
    'append.lua',
    'if change.number ~= plus(task.appended, 1) then',
    'if false then',
  ],
  [
    'S3: knows the last append again',
    'append.lua',
    "if change.number == task.appended and task.appended ~= '0' then",
    'if false then',
  ],
  [
    'S4: claims under the last dispatch alone',
    'claim.lua',
    'or task.dispatch ~= claim.dispatch then',
    'then',
  ],
  ['S5: lets registered workers claim alone', 'claim.lua', 'not is_registered and', 'false and'],
  [
    'S5: keeps a worker that holds something',
    'reap.lua',
    "if redis.call('SCARD', prefix .. key.held .. worker) > 0 then return 0 end",
    '',
  ],
  [
    'S5: keeps a worker that holds something at its last beat',
    'heartbeat.lua',
    "and redis.call('SCARD', prefix .. key.held .. worker) == 0",
    '',
  ],
  ['S6: spares claims of the same beat', 'heartbeat.lua', 'tonumber(task.beat) < beat', 'true'],
  [
    'S7: follows a jump of the wall clock by 2 s at most',
    'shared/lease-clock.lua',
    'math.min(wall - tonumber(seen[1] or wall), MAX_ADVANCE_MS)',
    'wall - tonumber(seen[1] or wall)',
  ],
  [
    'S7: ends no attempt because the wall clock jumped',
    'fire.lua',
    'if left > 0 then',
    'if false then',
  ],
  ['G6: ends an attempt whose deadline has passed', 'fire.lua', 'task.deadline - lease_now', '1'],
  [
    'S8: keeps a task awake for what has come',
    'append.lua',
    'if tonumber(task.wokenAt) > read_up_to then return true end',
    '',
  ],
  [
    'S12: knows a signal again',
    'signal.lua',
    "if listening[2] then return { 'duplicate', tonumber(listening[2]) } end",
    '',
  ],
  ['S12: a checkpoint only grows', 'project.lua', "is_before(args[4], got[3] or '0-0')", 'false'],
  [
    'E4: a reservation knows late calls to the ledger',
    'reserve.lua',
    'if same_life and tonumber(got[6] or 0) > epoch then',
    'if false then',
  ],
  [
    'E4: a release knows late calls to the ledger',
    'release.lua',
    'or tonumber(got[7]) > order then',
    'then',
  ],
  [
    'E4: tells of the doubt again',
    'reserve.lua',
    'doubt = same_claim and tonumber(got[10]) or 1',
    'doubt = same_claim and 0 or 1',
  ],
];

/** The same for those by which finished workflows leave. */
const WITHOUT_OF_RETIREMENT: typeof WITHOUT = [
  [
    'S12: knows a retired workflow again',
    'start.lua',
    'if not known[1] then known = ',
    'if false then known = ',
  ],
  ['G6: keeps a workflow with an open task', 'retire.lua', "item.its_open ~= '0' or", ''],
  [
    'G1: keeps what the caller has not read',
    'retire.lua',
    'or item.its_version ~= item.version',
    '',
  ],
  [
    'G8: keeps a workflow until its view shows its end',
    'retire.lua',
    "redis.call('HGET', item.view, 'version') ~= item.its_version",
    'false',
  ],
  [
    'G8: writes no view of a workflow that is gone',
    'project.lua',
    "redis.call('EXISTS', heads[at]) == 1",
    'true',
  ],
  [
    'G1: keeps no timer for whoever gets its id next',
    'retire.lua',
    'add_all(from[prefix .. key.timers], item.timers)',
    '',
  ],
];

describe('the store and its model', () => {
  let server: RedisServer;
  let redis: Redis;
  beforeAll(async () => {
    server = await startRedis();
    redis = new Redis(server.url, { enableAutoPipelining: true });
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  it(
    `G1 G2 G3 G6 S12: agree after every call of every history (seed ${SEED})`,
    async () => {
      expect(await disagreement(redis, { runs: RUNS, seed: SEED })).toBeNull();
    },
    LONG_MS,
  );

  it(
    'S1: touch every key before they write',
    async () => {
      expect(await disagreement(redis, { runs: 40, seed: 1, edit: traced })).toBeNull();
    },
    LONG_MS,
  );

  it(
    'S1: are caught when they write to a key that they have not touched',
    async () => {
      const untouched = (name: string, source: string): string =>
        traced(name, source).replace(/(local function touch\(.*\n).*\n/, '$1');
      expect(
        await disagreement(redis, { runs: 40, seed: 1, shrink: false, edit: untouched }),
      ).toContain('S1 ');
    },
    LONG_MS,
  );

  const disagrees = async (
    of: NonNullable<Histories['of']>,
    [, file, before, after]: (typeof WITHOUT)[number],
  ): Promise<void> => {
    const edit = (name: string, source: string): string => {
      if (name !== file) return source;
      expect(source).toContain(before);
      return source.replace(before, after);
    };
    const found = await disagreement(redis, { runs: 2000, seed: 7, shrink: false, of, edit });
    expect(found).not.toBeNull();
  };

  it.each(WITHOUT)(
    'disagree without the rule: %s',
    (...rule) => disagrees(rule[0].startsWith('E') ? ledgerHistories : histories, rule),
    LONG_MS,
  );

  it(
    'G1 G8 S12: agree after every call of histories in which workflows leave',
    async () => {
      const of = retirementHistories;
      expect(await disagreement(redis, { runs: RUNS, seed: SEED, of })).toBeNull();
      expect(await disagreement(redis, { runs: 40, seed: 1, of, edit: traced })).toBeNull();
    },
    LONG_MS,
  );

  it.each(WITHOUT_OF_RETIREMENT)(
    'disagree without the rule: %s',
    (...rule) => disagrees(retirementHistories, rule),
    LONG_MS,
  );
});
