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
  metrics.gauge('places', 'Tasks that this process may hold at once', () => places.count);
  metrics.gauge('places_taken', 'Places in use; all of them by a task alone', () => places.taken);
  metrics.gauge('tasks_held', 'Tasks held, or on their way', () => holds.count);
  const labels = { labels: ['reply'] as const };
  const claim = metrics.counter('claim', 'Claims, by their reply', labels);
  const claiming = metrics.seconds('claim', 'From a delivery to its claim, history included');
  const turn = metrics.seconds('delivery_turn', 'One turn of the loop that reads deliveries');
  const reclaim = metrics.counter('reclaim', 'Deliveries that were read and not claimed in time');
  const vanished = metrics.counter('delivery_vanished', 'Deliveries deleted before their claim');
  const beat = metrics.seconds('heartbeat', 'One heartbeat in all partitions');
  const missed = metrics.counter('heartbeat_missed', 'Heartbeats of a partition without an answer');
  const lost = metrics.counter('claim_lost', 'Claims let go, by reason', { labels: ['reason'] });
  const wrong = metrics.counter(
    'wrong_guess',
    'Times this process was taken for dead, and was not',
  );
  const delivers = loops.watch('deliveries');
  const beats = loops.watch('heartbeat');
  return {
    claimed(reply, seconds) {
      claim.inc({ reply });
      claiming.observe(seconds);
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
