import type { Loops, Metrics } from '@lockstep/host';
import type { HeartbeatEvents } from './heartbeat.js';
import type { Holds } from './holds.js';
import type { Places } from './places.js';
import type { WorkerEvents } from './worker.js';

/** What of a worker can be counted and measured. */
export type WorkerMetrics = Omit<WorkerEvents, 'failed'> & Omit<HeartbeatEvents, 'ordered'>;

/** Counts and measures a worker, and tells its loops' turns to whoever watches them. */
export function workerMetrics(
  metrics: Metrics,
  loops: Pick<Loops, 'watch'>,
  places: Places,
  holds: Holds,
): WorkerMetrics {
  metrics.gauge(
    'places',
    'Tasks that this process may hold at once: LOCKSTEP_CONCURRENCY.',
    () => places.count,
  );
  metrics.gauge(
    'places_taken',
    'Places in use; all of them by a task that is alone. All for minutes: start more processes of the role.',
    () => places.taken,
  );
  metrics.gauge(
    'tasks_held',
    'Tasks held by this process, or on their way to it.',
    () => holds.count,
  );
  const claim = metrics.counter(
    'claim',
    'Claims, by answer: `ok` is a lease granted. Many `taken`: deliveries are read late, see lockstep_reclaim_total.',
    { labels: ['reply'], words: ['ok', 'taken'] },
  );
  const claiming = metrics.seconds(
    'claim',
    'From a delivery to its claim, history included. Long: Redis is slow, see lockstep_store_seconds.',
  );
  const waited = metrics.seconds(
    'inbox_wait',
    'From a delivery into the inbox to its claim. Long: start more processes of the role, or raise LOCKSTEP_CONCURRENCY.',
  );
  const turn = metrics.seconds(
    'delivery_turn',
    'One turn of the loop that reads deliveries. Far over 1 s: the process or Redis hangs.',
  );
  const reclaim = metrics.counter(
    'reclaim',
    'Deliveries that somebody read and did not claim in time. Many: processes of the role die or hang.',
  );
  const vanished = metrics.counter(
    'delivery_vanished',
    'Deliveries deleted before their claim; should stay 0. Find out who deletes from inboxes by hand.',
  );
  const beat = metrics.seconds(
    'heartbeat',
    'One heartbeat in all partitions. Near LOCKSTEP_HEARTBEAT_MS: leases are in danger, Redis or the process is overloaded.',
  );
  const missed = metrics.counter(
    'heartbeat_missed',
    'Heartbeats of a partition without an answer in time. Look at Redis and at the network to it.',
  );
  const lost = metrics.counter(
    'claim_lost',
    'Claims let go: `taken` by another, or the `lease` ended. `lease`: the process hung or did not reach Redis.',
    { labels: ['reason'], words: ['taken', 'lease'] },
  );
  const wrong = metrics.counter(
    'wrong_guess',
    'Times this process was taken for dead and was not. Safe, and slow: mend its network, or raise LOCKSTEP_WATCH_MS.',
  );
  const delivers = loops.watch('deliveries');
  const beats = loops.watch('heartbeat');
  return {
    claimed(reply, seconds, waitedSeconds) {
      claim.inc({ reply });
      claiming.observe(seconds);
      if (reply === 'ok') waited.observe(waitedSeconds);
    },
    turned(seconds) {
      delivers();
      turn.observe(seconds);
    },
    reclaimed(found) {
      reclaim.inc(found.deliveries.length);
      vanished.inc(found.vanished.length);
    },
    beaten(seconds, failed) {
      beats();
      beat.observe(seconds);
      missed.inc(failed);
    },
    lost(reason) {
      lost.inc({ reason });
    },
    wronglyGivenUp() {
      wrong.inc();
    },
  };
}
