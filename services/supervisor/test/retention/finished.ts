// Workflows that have come to their end, as their workers and their projector leave them.

import { digestOf, FEED_START, GROUP, ROOT_TASK, randomClaimId, type Store } from '@lockstep/store';
import type { TaskId, WorkerId, WorkflowId } from '@lockstep/kernel';
import { evolveView, initialView, viewJson } from '@lockstep/kernel';
import { INBOX, type Stage, told } from '../stage.js';

const WORKER = 'w1' as WorkerId;
const ATTEMPT_MS = 600_000;

/** Has workflows done by a worker, from their start to their end, and projected. */
export async function finished(stage: Stage, count: number): Promise<WorkflowId[]> {
  await register(stage.store);
  const workflows = await Promise.all(Array.from({ length: count }, () => stage.start()));
  await completeAll(stage);
  await Promise.all(workflows.map((wf) => project(stage, wf)));
  return workflows;
}

async function register(store: Store): Promise<void> {
  const beats = store.partitions.tags.map((_, partition) =>
    store.heartbeat(partition, WORKER, 1, ATTEMPT_MS, []),
  );
  await Promise.all(beats);
}

/** Claims and completes whatever lies in the inboxes. */
async function completeAll({ redis, store, partitions }: Stage): Promise<void> {
  for (const partition of partitions.tags.keys()) {
    const inbox = partitions.inbox(partition, INBOX);
    await redis.xgroup('CREATE', inbox, GROUP, '0', 'MKSTREAM').catch(() => undefined);
    const entries = await redis.xrange(inbox, '-', '+');
    await Promise.all(
      entries.map(([message, [, reference = '']]) =>
        complete(store, reference.split(' ', 1)[0] as WorkflowId, message),
      ),
    );
  }
}

async function complete(store: Store, wf: WorkflowId, message: string): Promise<void> {
  const claim = randomClaimId();
  const task = ROOT_TASK;
  const given = { wf, task, claim, worker: WORKER, message, inbox: INBOX };
  await store.claim({ ...given, dispatch: 1, beat: 1, deadlineMs: ATTEMPT_MS });
  const items = [
    { ...told('TimerSet', { delayMs: ATTEMPT_MS }, 1), timerMs: ATTEMPT_MS },
    told('TaskCompleted', { version: 1, returnTo: null }, 0, `{"of":"${wf}"}`),
    told('WorkflowCompleted', {}, 0, '', '' as TaskId),
  ];
  const append = { wf, task, claim, number: 1, readUpTo: 3, items };
  await store.append({ ...append, release: { as: 'completed' } });
}

/** Brings the view of a workflow up to date, and the checkpoint to the end of the feed. */
export async function project({ store, log, redis, partitions }: Stage, wf: WorkflowId) {
  const partition = partitions.of(wf);
  const lease = await store.lease(partition, 'projector', 'test', ATTEMPT_MS);
  if (lease.reply !== 'ok') throw new Error('the lease is taken');
  const view = evolveView(initialView(wf), await log.all(wf));
  const { version, tenant, type, status, startedAtMs } = view;
  const [last] = await redis.xrevrange(partitions.feed(partition), '+', '-', 'COUNT', 1);
  const body = viewJson(view);
  await store.project(partition, 'projector', 'test', lease.epoch, last?.[0] ?? FEED_START, [
    { wf, version, tenant, type, status, startedAtMs, digest: digestOf(body), body },
  ]);
}
