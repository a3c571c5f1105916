// A process that works on one queue.

import { type Job, type Processor, Queue, Worker, type WorkerOptions } from 'bullmq';
import { takeStep } from '../jobs/step.js';
import { answer, cpuSeconds } from '../processes/channel.js';
import { connect } from './connection.js';
import { QUEUES, type WalkData } from './queues.js';

export interface Work {
  readonly redisUrl: string;
  readonly queue: string;
  readonly options: Pick<
    WorkerOptions,
    'concurrency' | 'lockDuration' | 'stalledInterval' | 'maxStalledCount'
  >;
}

/** Ten steps, each saved before the next: what was saved is not done again. */
async function walk(job: Job<WalkData>): Promise<void> {
  const { last, ...plan } = job.data;
  for (let step = (last?.step ?? 0) + 1; step <= plan.steps; step += 1) {
    await job.updateData({ ...plan, last: await takeStep(String(job.id), step, plan) });
  }
}

/** Hands its data on under its own id, so that a repeat hands it on once. */
function pass(next: Queue): Processor {
  return async ({ id, data }: Job<object>) => {
    await next.add(next.name, data, { jobId: String(id), removeOnComplete: true });
  };
}

const keep: Processor = () => Promise.resolve();
const giveBack: Processor = ({ data }: Job<object>) => Promise.resolve(data);

function processorOf({ queue, redisUrl }: Work): Processor {
  if (queue === 'walk') return walk;
  if (queue === 'part') return giveBack;
  const legs: readonly string[] = QUEUES.relay;
  const next = legs[legs.indexOf(queue) + 1];
  return queue === 'share' || next === undefined
    ? keep
    : pass(new Queue(next, { connection: connect(redisUrl) }));
}

const functions = {
  async open(work: Work): Promise<void> {
    const connection = connect(work.redisUrl);
    const worker = new Worker(work.queue, processorOf(work), { ...work.options, connection });
    worker.on('error', console.error);
    await worker.waitUntilReady();
  },
  cpuSeconds,
};

export type WorkerFunctions = typeof functions;

answer(functions);
