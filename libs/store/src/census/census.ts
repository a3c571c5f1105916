// How much lies where: read from the store, for whoever looks at the metrics.

import type { Redis } from 'ioredis';
import { type Breaker, BreakerReader } from '../breakers.js';
import { inOneGo } from '../in-one-go.js';
import type { Partitions } from '../keys.js';
import { CrewReader } from '../crew.js';
import { feedLagMs } from './feed-lag.js';
import type { NamedKey, Names } from './names.js';
import { registeredWorkers } from './workers.js';

export interface Census {
  /** Deliveries that nobody has claimed, by inbox. */
  readonly waiting: ReadonlyMap<string, number>;
  /** Age of the oldest of them by inbox, unit ms. */
  readonly oldestMs: ReadonlyMap<string, number>;
  /** Dead letters by role. */
  readonly dead: ReadonlyMap<string, number>;
  /** Workflows of all tenants by status, as the views know them. */
  readonly workflows: ReadonlyMap<string, number>;
  /** Effects of all tenants that are in doubt or wait for a person, as the views know them. */
  readonly unsettled: number;
  /** How long the oldest of them has been so, unit ms; 0 when there is none. */
  readonly unsettledMs: number;
  /** Of every target. */
  readonly breakers: readonly Breaker[];
  readonly timers: number;
  /** How late the oldest timer that is due is, unit ms; 0 when none is. */
  readonly overdueMs: number;
  readonly workers: number;
  /** Of them by inbox, as far as they said which. */
  readonly crews: ReadonlyMap<string, number>;
  /** Tasks that workers hold. */
  readonly held: number;
  /** Entries of the feed that are kept. */
  readonly feed: number;
  /** Age of the oldest entry of a feed that no projector has passed, unit ms; 0 when there is none. */
  readonly unprojectedMs: number;
}

export async function takeCensus(
  redis: Redis,
  partitions: Partitions,
  names: Names,
): Promise<Census> {
  const nowMs = await timeOf(redis);
  const inboxes = await lengths(redis, names.inboxes);
  const workers = await registeredWorkers(redis, partitions);
  const timers = await byTime(
    redis,
    partitions.tags.map((_, at) => partitions.timers(at)),
  );
  const unsettled = await byTime(
    redis,
    names.unsettled.map(({ key }) => key),
  );
  return {
    waiting: summed(names.inboxes, inboxes),
    oldestMs: await oldestMs(redis, names.inboxes, nowMs),
    dead: summed(names.dead, await lengths(redis, names.dead)),
    workflows: summed(names.lists.map(byStatus), await cards(redis, names.lists)),
    unsettled: unsettled.count,
    unsettledMs: Math.max(0, nowMs - unsettled.firstAtMs),
    breakers: await new BreakerReader(redis).list(),
    timers: timers.count,
    overdueMs: Math.max(0, nowMs - timers.firstAtMs),
    workers: workers.size,
    crews: await crewsOf(redis, partitions),
    held: await heldBy(redis, partitions, workers),
    feed: await feedLength(redis, partitions),
    unprojectedMs: await feedLagMs(redis, partitions, 'projector', nowMs),
  };
}

const byStatus = (list: NamedKey): NamedKey => ({
  ...list,
  name: list.name.slice(list.name.lastIndexOf(':') + 1),
});

async function timeOf(redis: Redis): Promise<number> {
  const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
  return seconds * 1000 + Math.floor(micros / 1000);
}

const lengths = async (redis: Redis, keys: readonly NamedKey[]): Promise<number[]> =>
  (await inOneGo(redis, keys, (pipeline, { key }) => pipeline.xlen(key))).map(Number);

const cards = async (redis: Redis, keys: readonly NamedKey[]): Promise<number[]> =>
  (await inOneGo(redis, keys, (pipeline, { key }) => pipeline.zcard(key))).map(Number);

/** Sums by name; a name of which nothing is left stays, with 0. */
function summed(keys: readonly NamedKey[], counts: readonly number[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [at, { name }] of keys.entries()) {
    sums.set(name, (sums.get(name) ?? 0) + (counts[at] ?? 0));
  }
  return sums;
}

async function oldestMs(
  redis: Redis,
  inboxes: readonly NamedKey[],
  nowMs: number,
): Promise<Map<string, number>> {
  const firsts = await inOneGo(redis, inboxes, (pipeline, { key }) =>
    pipeline.xrange(key, '-', '+', 'COUNT', 1),
  );
  const ages = new Map<string, number>();
  for (const [at, { name }] of inboxes.entries()) {
    const [first] = firsts[at] as [id: string][];
    const ageMs = first ? Math.max(0, nowMs - Number.parseInt(first[0], 10)) : 0;
    ages.set(name, Math.max(ages.get(name) ?? 0, ageMs));
  }
  return ages;
}

/** What sorted sets hold whose scores are times: how much, and the earliest of it; Infinity when that is nothing. */
async function byTime(
  redis: Redis,
  keys: readonly string[],
): Promise<{ readonly count: number; readonly firstAtMs: number }> {
  const counts = await inOneGo(redis, keys, (pipeline, key) => pipeline.zcard(key));
  const firsts = await inOneGo(redis, keys, (pipeline, key) =>
    pipeline.zrange(key, '0', '0', 'WITHSCORES'),
  );
  const earliest = firsts.map((first) => Number((first as string[])[1] ?? Infinity));
  return { count: total(counts), firstAtMs: Math.min(...earliest) };
}

async function crewsOf(redis: Redis, partitions: Partitions): Promise<Map<string, number>> {
  const crews = new Map<string, number>();
  for (const { inbox } of await new CrewReader(redis, partitions).list())
    crews.set(inbox, (crews.get(inbox) ?? 0) + 1);
  return crews;
}

async function heldBy(
  redis: Redis,
  partitions: Partitions,
  workers: ReadonlySet<string>,
): Promise<number> {
  const keys = [...workers].flatMap((worker) =>
    partitions.tags.map((_, partition) => partitions.held(partition, worker)),
  );
  return total(await inOneGo(redis, keys, (pipeline, key) => pipeline.scard(key)));
}

async function feedLength(redis: Redis, partitions: Partitions): Promise<number> {
  const keys = partitions.tags.map((_, partition) => partitions.feed(partition));
  return total(await inOneGo(redis, keys, (pipeline, key) => pipeline.xlen(key)));
}

const total = (counts: readonly unknown[]): number =>
  counts.reduce<number>((sum, count) => sum + Number(count), 0);
