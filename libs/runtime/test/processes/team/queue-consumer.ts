// What many teams begin with: a consumer group whose messages are acknowledged when their work is done, so that each is
// delivered at least once. It does the same work as the task `refund` of the lead.

import { Redis } from 'ioredis';
import { WorldClient } from './world-client.js';

const { LOCKSTEP_REDIS_URL = '', LOCKSTEP_WORLD_URL = '' } = process.env;
const [STREAM, GROUP, CONSUMER] = ['refunds', 'consumers', `consumer-${process.pid}`];

type Message = readonly [id: string, fields: readonly string[]];

const redis = new Redis(LOCKSTEP_REDIS_URL);
const world = new WorldClient(LOCKSTEP_WORLD_URL);
const { signal } = new AbortController();

async function refund([id, [, name = '']]: Message): Promise<void> {
  await world.do(name, 'before', signal);
  await world.pay(name, signal);
  await world.do(name, 'after', signal);
  await redis.xack(STREAM, GROUP, id);
}

await redis.xgroup('CREATE', STREAM, GROUP, '0', 'MKSTREAM').catch((error: unknown) => {
  if (!String(error).includes('BUSYGROUP')) throw error;
});
// Whoever had them is dead: this is the only consumer.
const [, left] = (await redis.xautoclaim(STREAM, GROUP, CONSUMER, 0, '0')) as [string, Message[]];
await Promise.all(left.map(refund));
for (;;) {
  const read = await redis.xreadgroup(
    'GROUP',
    GROUP,
    CONSUMER,
    'BLOCK',
    1000,
    'STREAMS',
    STREAM,
    '>',
  );
  const [[, messages] = ['', []]] = (read ?? []) as [string, Message[]][];
  for (const message of messages) void refund(message);
}
