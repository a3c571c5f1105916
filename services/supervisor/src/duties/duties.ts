// What a supervisor does in each partition. Every duty is one atomic function of the store, so any number of
// supervisors may do it at once.

import type { Store } from '@lockstep/store';
import type { NamedKey } from '@lockstep/store';
import type { SupervisorMetrics } from '../supervisor-metrics.js';
import type { Round } from './patrol.js';
import { untilNext } from './until-next.js';

/** The readers of the feed behind which it may be trimmed. */
const FEED_READERS = ['projector'];

/** Tasks or timers that one call may move. */
const BATCH = 100;
/** A lease lasts many times as long, and its clock follows no faster than 2 s a call. */
const REAP_EVERY_MS = 1000;
/** A timer that was set just now is late by no more than this. */
const FIRE_EVERY_MS = 100;
const TRIM_EVERY_MS = 5000;
/** A feed that grows so fast is trimmed more often: one call removes a bounded number. */
const BUSY_FEED = { entries: 1000, trimEveryMs: 500 };
const FORGET_EVERY_MS = 60_000;
/** A living consumer reads every few seconds. */
const FORGOTTEN_AFTER_MS = 600_000;

/** Takes tasks back from workers whose lease has ended. */
export function reaping(store: Pick<Store, 'reap'>, metrics: SupervisorMetrics): Round {
  return async (partition) => {
    const { taken, removed, more } = await store.reap(partition, BATCH, []);
    metrics.reaped('lease', taken, removed);
    return more ? 0 : untilNext(REAP_EVERY_MS);
  };
}

/**
 * Fires due timers and deadlines.
 *
 * @param busy - is kept: the partitions in which a timer is set. A task that is held has one, its deadline.
 */
export function firing(
  store: Pick<Store, 'fire'>,
  busy: Set<number>,
  metrics: SupervisorMetrics,
): Round {
  return async (partition) => {
    const { fired, more, nextInMs, lateMs } = await store.fire(partition, BATCH);
    metrics.fired(fired, lateMs);
    if (nextInMs === null) busy.delete(partition);
    else busy.add(partition);
    return more ? 0 : Math.min(nextInMs ?? FIRE_EVERY_MS, untilNext(FIRE_EVERY_MS));
  };
}

/** Forgets what every reader of the feed has passed. */
export function trimming(store: Pick<Store, 'trim'>, metrics: SupervisorMetrics): Round {
  return async (partition) => {
    const entries = await store.trim(partition, FEED_READERS);
    metrics.trimmed(entries);
    return untilNext(entries < BUSY_FEED.entries ? TRIM_EVERY_MS : BUSY_FEED.trimEveryMs);
  };
}

/**
 * Removes consumers of processes that have ended, and left nothing pending.
 *
 * @param inboxes - those that are known
 */
export function forgetting(
  store: Pick<Store, 'forget'>,
  inboxes: () => readonly NamedKey[],
  metrics: SupervisorMetrics,
): Round {
  return async (partition) => {
    for (const inbox of inboxes().filter((each) => each.partition === partition)) {
      const forgotten = store.forget(partition, inbox.name, FORGOTTEN_AFTER_MS);
      metrics.forgotten(await forgotten.catch(noneWithoutGroup));
    }
    return untilNext(FORGET_EVERY_MS);
  };
}

/** An inbox that nobody has ever read has no consumers. */
function noneWithoutGroup(error: unknown): 0 {
  if (error instanceof Error && error.message.includes('NOGROUP')) return 0;
  throw error;
}
