import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { librarySource, LIBRARY, Partitions, Store } from '@lockstep/store';
import { eventually, freePort } from '@lockstep/testing';
import { Redis } from 'ioredis';
import { type Done, System } from './system.js';

interface Diagnosis {
  readonly worst: string;
  readonly findings: readonly {
    readonly subject: string;
    readonly severity: string;
    readonly found: string;
    readonly advice?: string;
  }[];
}

const partitions = new Partitions(8);

const diagnosisOf = ({ stdout, stderr }: Done): Diagnosis => {
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Diagnosis;
};

describe('lockstep doctor', () => {
  describe('of a system at work', () => {
    let system: System;
    beforeAll(async () => {
      system = await System.startAll();
    }, 120_000);
    afterAll(() => system[Symbol.asyncDispose]());

    it('finds all as it should be, and ends with 0', async () => {
      const done = await system.lockstep('doctor');
      expect(done).toMatchObject({ status: 0, stderr: '' });
      const lines = done.stdout
        .trim()
        .split('\n')
        .map((line) => line.split('\t'));
      expect(lines.map(([severity]) => severity)).toEqual(lines.map(() => 'ok'));
      const subjects = ['redis', 'library', 'gateway', 'installation', 'projector', 'views'];
      expect(lines.map(([, subject]) => subject)).toEqual(expect.arrayContaining(subjects));
    });

    it('reads only: a user of Redis who may not write finds the same', async () => {
      const redis = new Redis(system.redis.url);
      const may = ['+@read', '+info', '+time', '+ping', '+client|list', '+client|setname'];
      const more = ['+function|list', '+config|get', '+hello', '+select'];
      await redis.call('ACL', 'SETUSER', 'doctor', 'on', '>pw', '~*', '-@all', ...may, ...more);
      redis.disconnect();
      const url = system.redis.url.replace('//', '//doctor:pw@');
      const done = await system.lockstep('doctor', '--redis', url, '--json');
      expect(diagnosisOf(done)).toMatchObject({ worst: 'ok' });
    });

    it('says what waits for a person, and ends with 8', async () => {
      const id = await system.startWorkflow('fetching', { word: 'nothing' });
      await system.becomes(id, 'parked');
      const told = async (): Promise<Diagnosis | false> => {
        const diagnosis = diagnosisOf(await system.lockstep('doctor', '--json'));
        return diagnosis.worst === 'warning' && diagnosis;
      };
      const { findings } = await eventually(told, { what: 'it is seen', timeoutMs: 30_000 });
      const warnings = findings.filter(({ severity }) => severity === 'warning');
      expect(warnings).toMatchObject([
        { subject: 'parked', found: '1 workflow waiting for a person' },
        { subject: 'dead letters', found: '1 of clerk' },
      ]);
      expect((await system.lockstep('doctor')).status).toBe(8);
    });

    it('says which breaker is open, why, and how it is closed', async () => {
      const redis = new Redis(system.redis.url);
      const { targets } = new Store(redis, partitions);
      await targets.declare('bank');
      const command = { commandId: 'c-1', state: 'open', by: 'me', reason: 'a hack' } as const;
      await targets.force('bank', command);
      redis.disconnect();
      const { findings } = diagnosisOf(await system.lockstep('doctor', '--json'));
      expect(findings).toContainEqual(
        expect.objectContaining({
          subject: 'breakers',
          found: expect.stringMatching(/^bank is open for .*: a hack$/),
          advice: expect.stringContaining('lockstep breaker close bank'),
        }),
      );
    });
  });

  describe('of a system of which only the gateway runs', () => {
    let system: System;
    let redis: Redis;
    beforeAll(async () => {
      system = await System.start();
      await system.service('gateway');
      redis = new Redis(system.redis.url);
    }, 120_000);
    afterAll(async () => {
      redis.disconnect();
      await system[Symbol.asyncDispose]();
    });

    const finds = async (subject: string) => {
      const done = await system.lockstep('doctor', '--json');
      const { worst, findings } = diagnosisOf(done);
      expect([worst, done.status]).toEqual(['error', 1]); // no projector
      return findings.find((each) => each.subject === subject);
    };

    it('says that views stand still without a projector', async () => {
      expect(await finds('projector')).toMatchObject({
        severity: 'error',
        advice: expect.stringContaining('start one'),
      });
    });

    it('says whose work waits without a process of the role', async () => {
      await system.startWorkflow('greeting', { word: 'x' });
      const told = async (): Promise<boolean> => (await finds('work'))?.severity === 'error';
      await eventually(told, { what: 'it has waited for too long', timeoutMs: 30_000 });
      expect(await finds('work')).toMatchObject({
        found: expect.stringContaining('1 message waiting for clerk@1, the oldest for 1'),
      });
      expect(await finds('views')).toMatchObject({ severity: 'warning' });
    });

    it('says that timers are late without a supervisor', async () => {
      await redis.zadd(partitions.timers(3), Date.now() - 90_000, 'wf-1 r 1');
      expect(await finds('timers')).toMatchObject({
        severity: 'error',
        found: expect.stringMatching(/^the oldest that is due is 2m late$/),
        advice: expect.stringContaining('start a supervisor'),
      });
    });

    it('says which dead workers hold tasks that nobody takes back', async () => {
      await redis.zadd(partitions.workers(0), 1, 'clerk-1-abc');
      await redis.sadd(partitions.held(0, 'clerk-1-abc'), 'wf-1 r');
      expect(await finds('workers')).toMatchObject({
        severity: 'error',
        found: '1 without a connection, holding 1 task: clerk-1-abc',
      });
    });

    it('says how many finished workflows should have left, and since when', async () => {
      const dayMs = 86_400_000;
      await redis.zadd(partitions.ended(2), Date.now() - 8 * dayMs, 'wf-1', Date.now(), 'wf-2');
      expect(await finds('retention')).toMatchObject({
        severity: 'warning',
        found: '1 finished workflow overdue to leave, the oldest for 1d',
        advice: expect.stringContaining('start a supervisor'),
      });
      for (const more of [`${10 * dayMs}`, '0']) {
        const done = await system.lockstep('doctor', '--json', '--retention', more);
        const { findings } = diagnosisOf(done);
        expect(findings).toContainEqual(
          expect.objectContaining({ subject: 'retention', severity: 'ok' }),
        );
      }
    });

    it.each([
      ['note', 5000],
      ['warning', 7_200_000],
    ])('tells of effects in doubt: a %s after %i ms', async (severity, forMs) => {
      const effects = partitions.unsettled(1, 'acme');
      await redis.zadd(effects, Date.now() - forMs, 'wf-1 0');
      expect(await finds('effects')).toMatchObject({
        severity,
        found: expect.stringMatching(/^1 effect in doubt, the oldest for (\d{1,2}s|2h)$/),
      });
      await redis.del(effects);
    });

    it('says that there are messages that nobody could read, and how they are seen', async () => {
      const inbox = partitions.inbox(4, 'clerk@1');
      const message = (await redis.xadd(inbox, '*', 'odd', 'x')) ?? '';
      await new Store(redis, partitions).bury(4, 'clerk@1', message, {});
      expect(await finds('unreadable')).toMatchObject({
        severity: 'warning',
        found: '1 message that nobody could read',
        advice: expect.stringContaining('lockstep unreadable list'),
      });
    });

    it('says that the feed is not trimmed', async () => {
      const feed = partitions.feed(5);
      await redis.del(feed); // a workflow of another test may be in this partition
      await redis.xadd(feed, '1-0', 'logs', 'wf-1 1 2');
      const checkpoint = (await redis.xadd(feed, '*', 'logs', 'wf-1 3 3')) ?? '';
      await redis.hset(partitions.lease(5, 'projector'), 'checkpoint', checkpoint);
      expect(await finds('feed')).toMatchObject({ severity: 'warning' });
    });

    it.each([
      ['maxmemory-policy', 'allkeys-lru', 'CONFIG SET maxmemory-policy noeviction'],
      ['appendonly', 'no', 'CONFIG SET appendonly yes'],
    ])('says why services refuse a server with %s %s', async (name, value, command) => {
      const [, before = ''] = await redis.config('GET', name);
      await redis.config('SET', name, value);
      const found = await finds('redis');
      await redis.config('SET', name, before);
      expect(found).toMatchObject({ severity: 'error', found: expect.stringContaining(command) });
    });

    it('says that memory is nearly full, before it is', async () => {
      const used = Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
      await redis.config('SET', 'maxmemory', Math.round(used / 0.9));
      const found = await finds('redis');
      await redis.config('SET', 'maxmemory', 0);
      expect(found).toMatchObject({
        severity: 'warning',
        found: expect.stringMatching(/^memory is [89]\d % full$/),
      });
    });

    it('says that the server holds the library of another release, or none', async () => {
      const other = librarySource({ edit: (_, source) => `${source}\n-- of another release` });
      await redis.call('FUNCTION', 'LOAD', 'REPLACE', other);
      expect(await finds('library')).toMatchObject({
        severity: 'warning',
        advice: expect.stringContaining(`FUNCTION DELETE ${LIBRARY}`),
      });
      await redis.call('FUNCTION', 'DELETE', LIBRARY);
      expect(await finds('library')).toMatchObject({ severity: 'warning' });
    });
  });

  describe('of what is not there', () => {
    it('says that there is no installation, and that no gateway answers', async () => {
      await using system = await System.start();
      const args = ['doctor', '--json', '--url', `http://127.0.0.1:${await freePort()}`];
      const done = await system.lockstep(...args);
      expect(done.status).toBe(1);
      const errors = diagnosisOf(done).findings.filter(({ severity }) => severity === 'error');
      expect(errors.map(({ subject }) => subject)).toEqual(['gateway', 'installation']);
    });

    it('ends with 5 when Redis cannot be reached, and tells no password', async () => {
      await using system = await System.start();
      const redis = `redis://me:hunter2@127.0.0.1:${await freePort()}`;
      const { status, stderr } = await system.lockstep('doctor', '--redis', redis);
      expect(status).toBe(5);
      expect(stderr).toContain('Redis cannot be reached at redis://(hidden)@127.0.0.1');
      expect(stderr).not.toContain('hunter2');
    });
  });
});
