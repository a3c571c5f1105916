import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@lockstep/testing';
import { Redis } from 'ioredis';
import { type Installation, openInstallation } from '../soak/installation.js';
import { keysByKind } from '../soak/kinds.js';
import { soakRows } from '../soak/rows.js';
import { type Sample, sampleProcesses, sampleRedis } from '../soak/sampler.js';
import { SteadyLoad } from '../soak/steady-load.js';
import type { Lab, Measurement } from './measurement.js';

const SAMPLES = 180;
/** How long a workflow stays: short, so that as many leave as come, and longer than a slow client takes to hear of its end. */
const KEEP_AT_MOST_MS = 30_000;
const KEEP_AT_LEAST_MS = 10_000;
/** Kinds of keys that belong to one workflow or one effect. */
const OF_ONE = ['log', 'wf', 'waits', 'view', 'tombstone', 'effect'];

/** A whole installation under a steady load, to see whether memory stays as it is. A signal to end shortens it. */
export const soak: Measurement = {
  id: 'soak',
  isExtra: true,
  async run(lab) {
    const keepMs = Math.max(Math.min(lab.extent.soakMs / 10, KEEP_AT_MOST_MS), KEEP_AT_LEAST_MS);
    const redis = new Redis(lab.redis.url);
    try {
      await using installation = await openInstallation(lab, keepMs);
      const before = await sampleRedis(redis);
      const load = new SteadyLoad(installation.gatewayUrl);
      const samples = await soaked(lab, redis, installation, load);
      await allLeft(redis, keepMs, lab.signal);
      const after = lab.signal.aborted ? null : await sampleRedis(redis);
      const { completed, failed, failures } = load;
      const found = { completed, failed, before, samples, after };
      lab.keep({ keepMs, ...found, failures, left: await keysByKind(redis) });
      return soakRows(found);
    } finally {
      redis.disconnect();
    }
  },
};

/** Runs the load until its time is over or a signal comes. @returns one sample at least */
async function soaked(
  { extent: { soakMs }, signal }: Lab,
  redis: Redis,
  installation: Installation,
  load: SteadyLoad,
): Promise<Sample[]> {
  const failed = new AbortController();
  const end = AbortSignal.any([signal, failed.signal, AbortSignal.timeout(soakMs)]);
  const beganMs = performance.now();
  const samples: Sample[] = [];
  const sampling = async (): Promise<void> => {
    do {
      samples.push({
        atMs: performance.now() - beganMs,
        completed: load.completed,
        redis: await sampleRedis(redis),
        processes: await sampleProcesses(installation.processes),
      });
      tell(samples);
      await pause(soakMs / SAMPLES, undefined, { signal: end }).catch(() => undefined);
    } while (!end.aborted);
  };
  try {
    await Promise.all([load.run(end), sampling()]);
  } finally {
    failed.abort();
  }
  return samples;
}

/** At the beginning, and once every tenth of the time. */
function tell(samples: readonly Sample[]): void {
  const last = samples.at(-1);
  if (!last || (samples.length - 1) % (SAMPLES / 10) !== 0) return;
  const minutes = (last.atMs / 60_000).toFixed(1);
  const megabytes = (last.redis.bytes / 1e6).toFixed(1);
  console.error(`  ${minutes} min: ${last.completed} workflows, Redis ${megabytes} MB`);
}

/** What has not left by then is told in the results. */
async function allLeft(redis: Redis, keepMs: number, signal: AbortSignal): Promise<void> {
  const isEmptyOrOver = async (): Promise<boolean> => {
    if (signal.aborted) return true;
    const kinds = await keysByKind(redis);
    return OF_ONE.every((kind) => kinds[kind] === undefined);
  };
  const waiting = { what: 'all have left', timeoutMs: 3 * keepMs + 30_000, everyMs: 1000 };
  await eventually(isEmptyOrOver, waiting).catch(() => undefined);
}
