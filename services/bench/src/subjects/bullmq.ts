import { join } from 'node:path';
import { sum } from 'simple-statistics';
import { QUEUES } from '../bullmq/queues.js';
import type { WorkerFunctions } from '../bullmq/worker.js';
import { Forked } from '../processes/forked.js';
import { benchMain } from '../project.js';
import { openDriver } from './open-driver.js';
import type { Setup, Subject } from './subject.js';

/**
 * After a crash a job is taken back by the second look that finds it without a lock. A worker that is busy for
 * longer than its locks last loses them, and the job fails: that is why they last 30 s by default.
 */
const SHORT_LOCKS = { lockDuration: 2000, stalledInterval: 1000, maxStalledCount: 10 } as const;

/** A worker process for each queue of the job, and the driver. */
export async function openBullmq(setup: Setup): Promise<Subject> {
  await using stack = new AsyncDisposableStack();
  const names = Array.from({ length: setup.replicas }, () => QUEUES[setup.kind]).flat();
  const workers = await Promise.all(
    names.map(async (queue) => stack.use(await startWorker(queue, setup))),
  );
  const driver = stack.use(await openDriver('bullmq', setup));
  const opened = stack.move();
  const cpuSecondsByWorker = () => Promise.all(workers.map(({ ask }) => ask.cpuSeconds()));
  return {
    driver: driver.ask,
    workers,
    cpuSecondsByWorker,
    cpuSeconds: async () => ({
      workers: sum(await cpuSecondsByWorker()),
      driver: await driver.ask.cpuSeconds(),
    }),
    scrape: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

async function startWorker(
  queue: string,
  { redis, concurrency, shortLocks, logs, signal }: Setup,
): Promise<Forked<WorkerFunctions>> {
  const log = join(logs, `bullmq-${queue}.log`);
  const worker = await Forked.start<WorkerFunctions>(benchMain('bullmq/worker'), log, signal);
  const options = { concurrency, ...(shortLocks ? SHORT_LOCKS : {}) };
  await worker.ask.open({ redisUrl: redis.url, queue, options });
  return worker;
}
