import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RedisCalls, type RedisServer, startRedis } from '@lockstep/testing';
import { Redis } from 'ioredis';

let server: RedisServer;
let direct: Redis;
let calls: RedisCalls;
let client: Redis;
/** As in `leaves SET`, `returns SET`. */
let seen: string[];
/** The step at which a call is lost. */
let lostAt: string;

beforeEach(async () => {
  [seen, lostAt] = [[], ''];
  server = await startRedis();
  direct = new Redis(server.url);
  const fate = (step: string) => {
    seen.push(step);
    return step === lostAt ? 'lost' : 'passed';
  };
  calls = await RedisCalls.to(server.port, {
    leaves: ({ name }) => fate(`leaves ${name}`),
    returns: ({ name }, isEmpty) => fate(`returns ${name}${isEmpty ? ' empty' : ''}`),
  });
  const once = { autoResendUnfulfilledCommands: false, retryStrategy: () => null };
  client = new Redis(calls.port, { ...once, enableReadyCheck: false, disableClientInfo: true });
  client.on('error', () => undefined);
  await client.ping();
  seen = [];
});
afterEach(async () => {
  if (client.status !== 'end') client.disconnect(); // else it waits for the end once more
  direct.disconnect();
  await calls[Symbol.asyncDispose]();
  await server.stop();
});

const outcomes = async (asked: Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(asked)).map(({ status }) => status);

describe('a way to a Redis that reads what passes', () => {
  it('tells of each call on its way there and back, and whether it brought anything', async () => {
    expect(await client.set('order', 'ä\r\nW1')).toBe('OK');
    expect(await client.get('order')).toBe('ä\r\nW1');
    expect(await client.get('none')).toBeNull();
    const steps = ['leaves SET', 'returns SET', 'leaves GET', 'returns GET', 'leaves GET'];
    expect(seen).toEqual([...steps, 'returns GET empty']);
  });

  it('loses a request: what was sent before it is done, it and what follows are not', async () => {
    lostAt = 'leaves INCRBY';
    const asked = [client.incr('a'), client.incrby('b', 1), client.incr('c')];
    expect((await outcomes(asked)).slice(1)).toEqual(['rejected', 'rejected']);
    expect(await direct.mget('a', 'b', 'c')).toEqual(['1', null, null]);
  });

  it('loses an answer: the request is done, and nobody hears of it', async () => {
    lostAt = 'returns INCR';
    expect(await outcomes([client.incr('a')])).toEqual(['rejected']);
    expect(await direct.get('a')).toBe('1');
  });
});
