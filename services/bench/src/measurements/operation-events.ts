import { LogReader, Partitions } from '@lockstep/store';
import type { RecordedEvent, WorkflowId } from '@lockstep/kernel';
import { Redis } from 'ioredis';
import { PARTITIONS } from '../lockstep/installation.js';

/**
 * Log entries of a workflow that operations of its handlers caused. What the system records of its own, such as
 * a task's start and end, is left out.
 */
export async function operationEvents(redisUrl: string, wf: WorkflowId): Promise<number> {
  const redis = new Redis(redisUrl);
  try {
    const events = await new LogReader(redis, new Partitions(PARTITIONS)).all(wf);
    return events.filter(isOfOperation).length;
  } finally {
    redis.disconnect();
  }
}

/** A call or a handoff is recorded with the task that it schedules. */
const isOfOperation = ({ type, op, meta }: RecordedEvent): boolean =>
  op > 0 || (type === 'TaskScheduled' && meta.by !== null);
