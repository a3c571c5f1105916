import { Redis } from 'ioredis';
import { HeadReader, Partitions } from '@lockstep/store';
import type { WorkflowId } from '@lockstep/kernel';
import { eventually } from '@lockstep/testing';
import { PARTITIONS } from '../lockstep/installation.js';
import { rowOf } from '../report/row.js';
import { redisBytes } from '../subjects/redis-costs.js';
import type { Subject } from '../subjects/subject.js';
import type { Extent, Measurement } from './measurement.js';

const ID = 'memory';
const CALM_WITHIN_MS = 60_000;

/** What a workflow of ten steps leaves in Redis, all consumers done; BullMQ keeps its ended jobs, as by default. */
export const memory: Measurement = {
  id: ID,
  async run({ redis: { url }, extent, open }) {
    const { lockstep, bullmq } = await open({ kind: 'walk', concurrency: 256, keepsEnded: true });
    const redis = new Redis(url);
    try {
      const workflow = await bytesAJob(redis, lockstep, extent);
      const job = await bytesAJob(redis, bullmq, extent);
      const entry = workflow / (await logLength(redis, await lockstep.driver.lastEnded()));
      const row = (figure: string, ours: number, theirs: number[]) =>
        rowOf(
          { measurement: ID, figure, unit: 'byte', better: 'less' },
          { lockstep: [ours], bullmq: theirs },
        );
      return [
        row('Redis memory a workflow', workflow, [job]),
        row('Redis memory an event', entry, []),
      ];
    } finally {
      redis.disconnect();
    }
  },
};

async function bytesAJob(
  redis: Redis,
  { driver }: Subject,
  { jobs, jobsBefore }: Extent,
): Promise<number> {
  await driver.all(jobsBefore);
  const before = await calmBytes(redis);
  await driver.all(jobs);
  return ((await calmBytes(redis)) - before) / jobs;
}

/** Memory once it has stopped to change: views are written, and the feed is trimmed. */
async function calmBytes(redis: Redis): Promise<number> {
  const seen: number[] = [];
  await eventually(
    async () => {
      seen.push(await redisBytes(redis));
      const last = seen.slice(-50);
      return last.length === 50 && Math.max(...last) - Math.min(...last) < 65_536;
    },
    { what: 'memory of Redis stays as it is for a second', timeoutMs: CALM_WITHIN_MS },
  );
  return redisBytes(redis);
}

/** @throws Error when there is no such workflow */
async function logLength(redis: Redis, wf: string | undefined): Promise<number> {
  const head = await new HeadReader(redis, new Partitions(PARTITIONS)).read(wf as WorkflowId);
  if (!head) throw new Error(`there is no workflow ${wf}`);
  return head.version;
}
