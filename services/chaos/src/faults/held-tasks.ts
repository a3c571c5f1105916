import type { TaskId, WorkflowId } from '@lockstep/kernel';
import { inOneGo, type Partitions, registeredWorkers } from '@lockstep/store';
import type { Redis } from 'ioredis';
import type { HeldTask } from './strike.js';

/** What each agent's process holds, by the store's account: `<role>-<pid>` to its tasks. */
export async function heldTasks(
  redis: Redis,
  partitions: Partitions,
): Promise<ReadonlyMap<string, readonly HeldTask[]>> {
  const workers = [...(await registeredWorkers(redis, partitions))];
  const keys = workers.flatMap((worker) =>
    partitions.tags.map((_, partition) => ({ worker, key: partitions.held(partition, worker) })),
  );
  const members = await inOneGo(redis, keys, (pipeline, { key }) => pipeline.smembers(key));
  const held = new Map<string, HeldTask[]>();
  for (const [at, { worker }] of keys.entries()) {
    const process = worker.slice(0, worker.lastIndexOf('-'));
    const tasks = (members[at] as string[]).map(parsed);
    held.set(process, [...(held.get(process) ?? []), ...tasks]);
  }
  return held;
}

function parsed(member: string): HeldTask {
  const [wf, task] = member.split(' ') as [WorkflowId, TaskId];
  return { wf, task };
}
