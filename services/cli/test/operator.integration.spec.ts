import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Partitions, Store } from '@lockstep/store';
import { Redis } from 'ioredis';
import { OPERATOR, System } from './system.js';

let system: System;

beforeAll(async () => {
  system = await System.startAll();
}, 120_000);
afterAll(() => system[Symbol.asyncDispose]());

/** A workflow that waits for a person. */
async function parked(type: string, word: string): Promise<string> {
  const id = await system.startWorkflow(type, { word });
  await system.becomes(id, 'parked');
  return id;
}

describe('lockstep dead', () => {
  interface Letters {
    readonly deadLetters: readonly { readonly id: string; readonly workflow: string }[];
  }
  const letterOf = async (workflow: string): Promise<string> => {
    const { deadLetters } = await system.json<Letters>('dead', 'list');
    return deadLetters.find((each) => each.workflow === workflow)?.id ?? '';
  };

  it('lists what failed, and shows it with what led there and what a person can do', async () => {
    const id = await parked('fetching', 'ink');
    const list = await system.lockstep('dead', 'list', '--role', 'clerk');
    expect(list.stdout).toContain(`\t${id}\tr\tUncaught\t`);
    const { stdout } = await system.lockstep('dead', 'show', await letterOf(id));
    expect(stdout).toContain('there is no ink');
    expect(stdout).toContain('asked\t{"word":"ink"}\n');
    expect(stdout).toContain(`you can\tdead redrive ${id} r; or `);
    expect(stdout).toMatch(/\tStepFailed\t/);
  });

  it('counts what has one cause, and lists only that', async () => {
    const ids = [await parked('fetching', 'pen-1'), await parked('fetching', 'pen-2')];
    const groups = await system.lockstep('dead', 'list', '--by-cause');
    const line = groups.stdout.split('\n').find((each) => each.includes('there is no #')) ?? '';
    const [group = '', count, where] = line.split('\t');
    expect([count, where]).toEqual(['2', 'clerk.fetch, step fetch']);
    const { stdout } = await system.lockstep('dead', 'list', '--group', group);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((each) => each.split('\t')[1])
        .sort(),
    ).toEqual(ids.sort());
  });

  it('sends a task again when its cause is mended', async () => {
    const id = await parked('fetching', 'paper');
    await system.put('paper');
    await system.json('dead', 'redrive', id, 'r', '--reason', 'mended');
    await system.becomes(id, 'completed');
  });

  it('runs it with a corrected request, by the letter, once for a command id', async () => {
    const id = await parked('fetching', 'cup');
    await system.put('saucer');
    const redrive = ['dead', 'redrive', await letterOf(id), '--reason', 'a typo'];
    const corrected = [...redrive, '--request', '{"word":"saucer"}', '--command-id', 'c-9'];
    const { version } = await system.json<{ version: number }>(...corrected);
    expect(await system.json(...corrected)).toMatchObject({ id, version });
    await system.becomes(id, 'completed');
    const { stdout } = await system.lockstep('workflow', 'show', id);
    expect(stdout).toContain('result\t{"word":"saucer"}\n');
  });

  it('gives a job up, which is cancelled then', async () => {
    const id = await parked('fetching', 'ruler');
    const discard = ['dead', 'discard', await letterOf(id), '--reason', 'too late'];
    expect(await system.lockstep(...discard)).toMatchObject({ status: 2 });
    await system.json(...discard, '--yes');
    await system.becomes(id, 'cancelled');
    expect(await letterOf(id)).toBe('');
  });

  it('ends with 3 for a letter that is not there', async () => {
    expect((await system.lockstep('dead', 'show', '1-0_0_clerk')).status).toBe(3);
  });
});

describe('lockstep unreadable', () => {
  const typed = (...args: string[]) =>
    system.begin(['unreadable', ...args], { LOCKSTEP_API_KEY: OPERATOR }).done;

  it('lists what nobody could read, shows it, and removes it for a reason', async () => {
    const redis = new Redis(system.redis.url);
    const store = new Store(redis, new Partitions(8));
    const message = (await redis.xadd(store.partitions.inbox(2, 'clerk@1'), '*', 'odd', 'x')) ?? '';
    const found = { inbox: 'clerk@1', message, fields: ['odd', 'x'] };
    await store.bury(2, 'clerk@1', message, found);
    redis.disconnect();
    const { stdout } = await typed('list');
    const [id = '', inbox, , fields] = stdout.trim().split('\t');
    expect([inbox, fields]).toEqual(['clerk@1', 'odd x']);
    expect((await typed('show', id)).stdout).toContain(`id there\t${message}\nfields\t["odd","x"]`);
    const discard = ['discard', id, '--reason', 'of an old release'];
    expect(await typed(...discard)).toMatchObject({ status: 2 });
    expect(await typed(...discard, '--yes')).toMatchObject({ status: 0 });
    expect(await typed('list')).toMatchObject({ status: 0, stdout: '' });
  });

  it('is refused to who is no operator', async () => {
    expect(await system.lockstep('unreadable', 'list')).toMatchObject({ status: 6 });
  });
});

describe('lockstep effect', () => {
  it('lists an effect in doubt, and ends the doubt with what a person knows', async () => {
    const id = await parked('sending', 'hi');
    const list = await system.lockstep('effect', 'list', '--status', 'parked');
    expect(list.stdout).toMatch(new RegExp(`^send\t.*\tparked\t.*\t${id}\tr#\\d+ of clerk\t`));
    const [, task = '', op = ''] = /effect settle \S+ (\S+) (\d+)/.exec(list.stdout) ?? [];
    const settle = ['effect', 'settle', id, task, op, '--verdict', 'happened'];
    await system.json(...settle, '--receipt', '"sent"', '--reason', 'the mail log');
    await system.becomes(id, 'completed');
    expect(await system.lockstep('effect', 'list')).toMatchObject({ status: 0, stdout: '' });
  });
});

describe('lockstep breaker', () => {
  beforeAll(async () => {
    const redis = new Redis(system.redis.url);
    await new Store(redis, new Partitions(8)).targets.declare('bank');
    redis.disconnect();
  });
  const typed = (...args: string[]) =>
    system.begin(['breaker', ...args], { LOCKSTEP_API_KEY: OPERATOR }).done;

  it('opens a breaker, which then says who did it and why, and closes it', async () => {
    const opened = await typed('open', 'bank', '--reason', 'a hack', '--yes');
    expect(opened).toMatchObject({ status: 0, stderr: 'recorded\n' });
    const list = await typed('list');
    expect(list.stdout).toMatch(/^bank\topen until a person closes it\t.*\ta hack, by key:\w+\n$/);
    await typed('close', 'bank', '--reason', 'it is over');
    expect((await typed('list')).stdout).toMatch(/^bank\tclosed\t/);
  });

  it('is refused to who is no operator, and asks before it stops all work', async () => {
    const open = ['breaker', 'open', 'bank', '--reason', 'mine'];
    expect(await system.lockstep(...open, '--yes')).toMatchObject({ status: 6 });
    expect(await typed(...open.slice(1))).toMatchObject({ status: 2 });
    expect((await typed('list')).stdout).not.toContain('mine');
  });

  it('ends with 3 for a target that nothing was ever sent to', async () => {
    expect(await typed('close', 'bnk', '--reason', 'a slip')).toMatchObject({ status: 3 });
  });
});

describe('lockstep worker', () => {
  it('lists who is alive, and lets one hand back its work and take no more', async () => {
    const [id = '', role] = (await system.lockstep('worker', 'list')).stdout.split('\t');
    expect(role).toBe('clerk@1');
    const drain = ['worker', 'drain', id, '--reason', 'a new disk'];
    expect(await system.lockstep(...drain, '--yes')).toMatchObject({ status: 6 });
    const asOperator = { LOCKSTEP_API_KEY: OPERATOR };
    expect(await system.begin(drain, asOperator).done).toMatchObject({ status: 2 });
    expect(await system.begin([...drain, '--yes'], asOperator).done).toMatchObject({ status: 0 });
    const { stdout } = await system.lockstep('worker', 'list');
    expect(stdout).toMatch(/\ta new disk, by key:\w+\n$/);
  });

  it('ends with 3 for one that is not alive', async () => {
    const drain = ['worker', 'drain', 'clerk-1-nobody', '--reason', 'x', '--yes'];
    const done = await system.begin(drain, { LOCKSTEP_API_KEY: OPERATOR }).done;
    expect(done).toMatchObject({ status: 3 });
  });
});
