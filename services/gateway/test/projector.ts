import { evolveView, initialView, unsettledOf, viewJson, type WorkflowId } from '@lockstep/kernel';
import { LogReader, type Store } from '@lockstep/store';
import type { Redis } from 'ioredis';

const OWNER = 'tester';
const LEASE_MS = 60_000;

/** Writes a workflow's view as the projector does. */
export async function project(redis: Redis, store: Store, id: string): Promise<number> {
  const wf = id as WorkflowId;
  const partition = store.partitions.of(wf);
  const lease = await store.lease(partition, 'projector', OWNER, LEASE_MS);
  if (lease.reply !== 'ok') throw new Error(`the lease is ${lease.owner}'s`);
  const events = await new LogReader(redis, store.partitions).all(wf);
  const view = evolveView(initialView(wf), events);
  const { version, tenant, type, status, startedAtMs } = view;
  const shown = { digest: '', body: viewJson(view), unsettled: unsettledOf(view) };
  await store.project(partition, 'projector', OWNER, lease.epoch, lease.checkpoint, [
    { wf, version, tenant, type, status, startedAtMs, ...shown },
  ]);
  return version;
}
