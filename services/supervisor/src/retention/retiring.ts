// Finished workflows leave the store.
//
//   R1. What has to be archived is on the disk before it is removed. A crash in between archives it again, to the same
//       text under the same name.
//   R2. The store decides by itself what may leave, and removes it only if it is what was read.
//   R3. One supervisor at a time works on a partition, by a lease, since to archive twice is work for nothing; that
//       two do is harmless.
//   R4. A round is bounded, and followed by a rest: those who work come first.

import type { WorkflowId } from '@lockstep/kernel';
import type {
  EndedReader,
  EndedWorkflow,
  LogReader,
  Retirement,
  RetirementTimes,
  RetireReply,
  Store,
} from '@lockstep/store';
import type { Archive } from '../archive/archive.js';
import { archiveText } from '../archive/format.js';
import type { Round } from '../duties/patrol.js';
import { untilNext } from '../duties/until-next.js';
import type { SupervisorMetrics } from '../supervisor-metrics.js';
import { leavingOf, stayingOf } from './leaving.js';

/** The lease of R3. */
const RETENTION = 'retention';
const LEASE_MS = 10_000;
/** Workflows of a round, and of them so many at a time. */
const BATCH = 64;
const AT_ONCE = 8;
/** With no others waiting, and with others. */
const REST_MS = 2000;
const BUSY_REST_MS = 100;
/** One that has to stay is looked at again after this. */
const PUT_OFF_MS = 600_000;

export interface RetentionPorts {
  readonly store: Pick<Store, 'lease' | 'retire'>;
  readonly ended: Pick<EndedReader, 'due'>;
  readonly log: Pick<LogReader, 'all'>;
  /** Null: workflows leave without one. */
  readonly archive: Pick<Archive, 'keep'> | null;
  readonly metrics: Pick<SupervisorMetrics, 'retired' | 'archived'>;
  /** What became of a workflow whose time had come. */
  readonly retired: (wf: WorkflowId, reply: RetireReply) => void;
}

/** @param owner - of the lease: random for each start of a process */
export function retiring(
  ports: RetentionPorts,
  times: Omit<RetirementTimes, 'putOffMs'>,
  owner: string,
): Round {
  const { store, ended } = ports;
  return async (partition) => {
    const due = await ended.due(partition, times.keepMs, BATCH);
    if (due.length === 0) return untilNext(REST_MS);
    const { reply } = await store.lease(partition, RETENTION, owner, LEASE_MS);
    if (reply === 'taken') return untilNext(REST_MS);
    for (let at = 0; at < due.length; at += AT_ONCE)
      await retire(ports, partition, times, due.slice(at, at + AT_ONCE));
    return due.length < BATCH ? untilNext(REST_MS) : BUSY_REST_MS;
  };
}

async function retire(
  ports: RetentionPorts,
  partition: number,
  times: Omit<RetirementTimes, 'putOffMs'>,
  due: readonly EndedWorkflow[],
): Promise<void> {
  const prepared = await Promise.all(due.map((each) => prepare(ports, each)));
  const all = { ...times, putOffMs: PUT_OFF_MS };
  const replies = await ports.store.retire(partition, all, prepared);
  ports.metrics.retired(replies);
  for (const [at, reply] of replies.entries()) {
    const ended = due[at];
    if (ended) ports.retired(ended.wf, reply);
  }
}

/** Reads one and archives it (R1), if it seems that it may leave. */
async function prepare(
  { log, archive, metrics }: RetentionPorts,
  ended: EndedWorkflow,
): Promise<Retirement> {
  if (!ended.isSettled) return stayingOf(ended);
  const leaving = leavingOf(ended, await log.all(ended.wf, 1, ended.version));
  if (!leaving) return stayingOf(ended);
  if (archive) metrics.archived(await archive.keep(archiveText(leaving.view, leaving.events)));
  return leaving.retirement;
}
