import type { Metrics } from '@lockstep/host';

/** What a projector counts of its work. */
export interface ProjectorMetrics {
  written(events: number, views: number, lagMs: number): void;
  rebuilt(views: number): void;
  rewound(): void;
  unfoldable(): void;
  fenced(): void;
  failed(loop: string): void;
}

export function projectorMetrics(metrics: Metrics, held: () => number): ProjectorMetrics {
  const views = metrics.counter('project', 'Views written');
  const events = metrics.counter('project_events', 'Events that came into views');
  const lag = metrics.seconds('project_lag', 'From an append to the views that have it');
  const rebuilds = metrics.counter('view_rebuild', 'Views folded from the beginning of their log', {
    labels: ['reason'],
  });
  const unfoldable = metrics.counter('view_unfoldable', 'Logs that could not be folded');
  const fenced = metrics.counter('projector_fenced', 'Partitions found to be another projector’s');
  const failures = metrics.counter('projector_failed', 'Turns that ended in an error', {
    labels: ['loop'],
  });
  metrics.gauge('projector_partitions', 'Partitions that this process projects', held);
  return {
    written(eventCount, viewCount, lagMs) {
      events.inc(eventCount);
      views.inc(viewCount);
      lag.observe(lagMs / 1000);
    },
    rebuilt: (count) => {
      views.inc(count);
      rebuilds.inc({ reason: 'no-checkpoint' }, count);
    },
    rewound: () => {
      rebuilds.inc({ reason: 'rewound' });
    },
    unfoldable: () => {
      unfoldable.inc();
    },
    fenced: () => {
      fenced.inc();
    },
    failed: (loop) => {
      failures.inc({ loop });
    },
  };
}
