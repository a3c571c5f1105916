import type { Command, Redis } from 'ioredis';
import type { Metrics } from '../metrics/metrics.js';

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** They wait for what is to come: their time says nothing. */
const WAITING = new Set(['xread', 'xreadgroup']);

/** Measures every round trip to the store. What waits for a connection is measured again when it is sent. */
export function storeMetrics(metrics: Metrics): (redis: Redis) => void {
  const seconds = metrics.seconds(
    'store',
    'Round trips to Redis, by operation; reads that wait are left out. Long everywhere: Redis or this process is overloaded.',
    { labels: ['operation'], buckets: BUCKETS },
  );
  const errors = metrics.counter(
    'store_errors',
    'Operations that Redis refused or did not answer, by the first word of its error. `OOM`: give it memory; others: its log.',
    { labels: ['operation', 'code'] },
  );
  return (redis) => {
    const send = redis.sendCommand.bind(redis);
    redis.sendCommand = (command, stream) => {
      const operation = operationOf(command);
      const beganMs = performance.now();
      const answered = (): void => {
        if (!WAITING.has(operation))
          seconds.observe({ operation }, (performance.now() - beganMs) / 1000);
      };
      command.promise.then(answered, (error: unknown) => {
        errors.inc({ operation, code: codeOf(error) });
      });
      return send(command, stream);
    };
  };
}

/** By the name of a function: what is asked for at every round trip is cut out once. */
const OPERATIONS = new Map<unknown, string>();

/** As in `append` of `FCALL lockstep_1_append …`, or the command of the server. */
function operationOf({ name, args: [called] }: Command): string {
  if (name !== 'fcall') return name.toLowerCase();
  const known = OPERATIONS.get(called);
  if (known !== undefined) return known;
  const operation = String(called).replace(/^lockstep_[^_]+_/, '');
  OPERATIONS.set(called, operation);
  return operation;
}

/** An answer of the server begins with its code; what has none never came to it. */
const codeOf = (error: unknown): string =>
  /^[A-Z]{2,}\b/.exec(error instanceof Error ? error.message : '')?.[0] ?? 'unanswered';
