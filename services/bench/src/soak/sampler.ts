import { Partitions } from '@lockstep/store';
import type { ServiceProcess } from '@lockstep/testing';
import type { Redis } from 'ioredis';
import { sum } from 'simple-statistics';
import { PARTITIONS } from '../lockstep/installation.js';
import { redisBytes, redisCpuSeconds, redisDataBytes } from '../subjects/redis-costs.js';

/** What a process uses, by its own metrics. */
export interface ProcessSample {
  readonly rssBytes: number;
  /** Of JavaScript, what is garbage already included. */
  readonly heapBytes: number;
  readonly cpuSeconds: number;
}

export interface RedisSample {
  readonly bytes: number;
  /** Of `bytes`, what is data. */
  readonly dataBytes: number;
  readonly keys: number;
  readonly cpuSeconds: number;
  /** Workflows that it holds, ended or not. */
  readonly kept: number;
}

export interface Sample {
  /** Since the load began, unit ms. */
  readonly atMs: number;
  /** Workflows, so far. */
  readonly completed: number;
  readonly redis: RedisSample;
  /** By name. */
  readonly processes: Readonly<Record<string, ProcessSample>>;
}

const partitions = new Partitions(PARTITIONS);

export async function sampleRedis(redis: Redis): Promise<RedisSample> {
  const workflows = partitions.tags.map((_, at) => redis.zcard(partitions.workflows(at)));
  return {
    bytes: await redisBytes(redis),
    dataBytes: await redisDataBytes(redis),
    keys: await redis.dbsize(),
    cpuSeconds: await redisCpuSeconds(redis),
    kept: sum(await Promise.all(workflows)),
  };
}

export async function sampleProcesses(
  processes: readonly ServiceProcess[],
): Promise<Sample['processes']> {
  const all = processes.map(async (each) => [each.spec.name, await sampleOf(each)] as const);
  return Object.fromEntries(await Promise.all(all));
}

async function sampleOf(service: ServiceProcess): Promise<ProcessSample> {
  return {
    rssBytes: await service.metric('process_resident_memory_bytes'),
    heapBytes: await service.metric('nodejs_heap_size_used_bytes'),
    cpuSeconds: await service.metric('process_cpu_seconds_total'),
  };
}
