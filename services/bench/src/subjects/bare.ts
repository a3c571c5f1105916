import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { RedisServer } from '@lockstep/testing';
import { TEXT } from '../jobs/jobs.js';

/** What `redis-benchmark` measured. */
export interface BareFigure {
  readonly perSecond: number;
  readonly medianMs: number;
  /** What was run, without the address. */
  readonly command: string;
}

interface BareLoad {
  readonly clients: number;
  /** Commands that a client sends without waiting. */
  readonly pipeline: number;
  readonly requests: number;
}

/** Streams that are written to: as many as there would be logs. */
const STREAMS = 1000;

const run = promisify(execFile);

/** The least that a recorded step costs: one entry of about 200 bytes in a stream. */
export function bareWrites(
  redis: RedisServer,
  { clients, pipeline, requests }: BareLoad,
  signal: AbortSignal,
): Promise<BareFigure> {
  const write = ['XADD', 'bare:__rand_int__', '*', 'data', JSON.stringify({ step: 1, text: TEXT })];
  return bare(redis, ['-c', clients, '-P', pipeline, '-n', requests, '-r', STREAMS], write, signal);
}

/** One command, measured by the tool that comes with Redis. */
export async function bare(
  redis: RedisServer,
  options: readonly (string | number)[],
  command: readonly string[],
  signal: AbortSignal,
): Promise<BareFigure> {
  const args = ['-h', '127.0.0.1', '-p', redis.port, '--csv', ...options, ...command].map(String);
  const { stdout } = await benchmark(args, signal);
  // "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms",…; the test's name may hold anything.
  const figures = stdout
    .trim()
    .split('","')
    .slice(-7)
    .map((text) => Number.parseFloat(text));
  const [perSecond = NaN, , , medianMs = NaN] = figures;
  const shown = command.map((word) => (word.length > 60 ? `<${word.length} bytes>` : word));
  return { perSecond, medianMs, command: ['redis-benchmark', ...options, ...shown].join(' ') };
}

/** As Redis itself: the tool on the path, or in the image of its container. */
function benchmark(args: readonly string[], signal: AbortSignal): Promise<{ stdout: string }> {
  const image = process.env['LOCKSTEP_REDIS_IMAGE'];
  const inContainer = ['run', '--rm', '--network', 'host', image ?? '', 'redis-benchmark'];
  return image
    ? run('docker', [...inContainer, ...args], { signal })
    : run('redis-benchmark', [...args], { signal });
}
