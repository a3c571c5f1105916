// What a supervisor does in each partition. Every duty is one atomic function of the store, so any number of
// supervisors may do it at once.

import type { Store } from '@lockstep/store';
import type { Round } from './patrol/patrol.js';
import type { SupervisorMetrics } from './metrics/supervisor-metrics.js';

/** The reader of the feed behind which it may be trimmed. */
export const FEED_READERS = ['projector'];

/** Tasks or timers that one call may move. */
const BATCH = 100;
const REAP_EVERY_MS = 250;
/** A timer that was set just now is late by no more than this. */
const FIRE_EVERY_MS = 100;
const TRIM_EVERY_MS = 5000;

/** Takes tasks back from workers that are dead, or seem so. */
export function reaping(
  store: Pick<Store, 'reap'>,
  suspects: () => readonly string[],
  metrics: SupervisorMetrics,
): Round {
  return async (partition) => {
    const { taken, removed, more } = await store.reap(partition, BATCH, suspects());
    metrics.reaped(taken, removed);
    return more ? 0 : REAP_EVERY_MS;
  };
}

/** Fires due timers and deadlines. */
export function firing(store: Pick<Store, 'fire'>, metrics: SupervisorMetrics): Round {
  return async (partition) => {
    const { fired, more, nextInMs } = await store.fire(partition, BATCH);
    metrics.fired(fired);
    return more ? 0 : Math.min(nextInMs ?? FIRE_EVERY_MS, FIRE_EVERY_MS);
  };
}

/** Forgets what every reader of the feed has passed. */
export function trimming(store: Pick<Store, 'trim'>, metrics: SupervisorMetrics): Round {
  return async (partition) => {
    metrics.trimmed(await store.trim(partition, FEED_READERS));
    return TRIM_EVERY_MS;
  };
}
