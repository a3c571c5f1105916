import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import { GROUP, ledgerKey, Partitions } from '@lockstep/store';
import { type RedisServer, startRedis } from '@lockstep/testing';
import { Redis } from 'ioredis';
import { leftovers } from '../src/checks/leftovers.js';

const WF = 'wf-1' as WorkflowId;
const partitions = new Partitions(2);
const at = partitions.of(WF);

let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
afterEach(() => redis.flushall());

const head = { status: 'completed', open: 0, parked: 0 };

describe('what is left in the store', () => {
  it('is nothing where only that lies which stays', async () => {
    await redis.hset(partitions.head(WF), { ...head, undo: '- 7', 'e:5': 'r' });
    await redis.xadd(partitions.log(WF), '1-0', 'event', 'text');
    await redis.xgroup('CREATE', partitions.inbox(at, 'north@1'), GROUP, '0', 'MKSTREAM');
    await redis.hset(ledgerKey('default', 'plain', 'k'), 'state', 'committed');
    await redis.zadd(partitions.workers(at), 1, 'w');
    await redis.set('ls:installation', '1');
    expect(await leftovers(redis, partitions)).toEqual([]);
  });

  it.each([
    ['a task that is open', () => redis.hset(partitions.head(WF), { ...head, open: 1 })],
    [
      'a task that waits for a person',
      () => redis.hset(partitions.head(WF), { ...head, parked: 1 }),
    ],
    ['a letter of a head', () => redis.hset(partitions.head(WF), { ...head, 'dead:r': '1-1' })],
    [
      'an effect that a rollback forgot',
      () => redis.hset(partitions.head(WF), { ...head, undo: '0 9', 'e:5': 'r' }),
    ],
    ['a timer', () => redis.zadd(partitions.timers(at), 1, `${WF} r 2`)],
    ['a task that is held', () => redis.sadd(partitions.held(at, 'w'), `${WF} r`)],
    ['a dead letter', () => redis.xadd(partitions.dead(at, 'north'), '*', 'letter', 'text')],
    [
      'what a task waits for',
      () => redis.hset(`${partitions.head(WF).replace('wf:', 'waits:')}:r`, '1', '1'),
    ],
    ['a message', () => redis.xadd(partitions.inbox(at, 'north@1'), '*', 'task', 'text')],
    [
      'a message that was read and not claimed',
      async () => {
        const inbox = partitions.inbox(at, 'north@1');
        await redis.xgroup('CREATE', inbox, GROUP, '0', 'MKSTREAM');
        const id = await redis.xadd(inbox, '*', 'task', 'text');
        await redis.xreadgroup('GROUP', GROUP, 'w', 'STREAMS', inbox, '>');
        await redis.xdel(inbox, String(id));
      },
    ],
    ['an open effect', () => redis.hset(ledgerKey('default', 'plain', 'k'), 'state', 'reserved')],
    ['a key that nobody knows', () => redis.set('ls:stray', '1')],
  ])('is told: %s', async (_what, leave) => {
    await leave();
    expect(await leftovers(redis, partitions)).toHaveLength(1);
  });
});
