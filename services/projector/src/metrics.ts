import type { Metrics } from '@lockstep/host';
import type { RecordedEvent } from '@lockstep/kernel';

/** What a projector counts of its work. */
export interface ProjectorMetrics {
  written(views: number, lagMs: number): void;
  /** Events that came into a view for the first time. */
  folded: (events: readonly RecordedEvent[]) => void;
  rebuilt(views: number): void;
  rewound(): void;
  unfoldable(): void;
  fenced(): void;
  failed(loop: string): void;
}

export function projectorMetrics(metrics: Metrics, held: () => number): ProjectorMetrics {
  const views = metrics.counter('project', 'Views written.');
  const events = metrics.counter(
    'project_events',
    'Events of all workflows as they come into views, by type: what the whole installation records.',
    { labels: ['type'] },
  );
  const lag = metrics.seconds(
    'project_lag',
    'From an append to the views that have it. Over 5 s: start another projector.',
  );
  const rebuilds = metrics.counter(
    'view_rebuild',
    'Views folded from the beginning of their log. `rewound`: Redis lost acknowledged writes.',
    { labels: ['reason'], words: ['no-checkpoint', 'rewound'] },
  );
  const unfoldable = metrics.counter(
    'view_unfoldable',
    'Logs that could not be folded; should stay 0. A bug: report it with the line `a log cannot be folded`.',
  );
  const fenced = metrics.counter(
    'projector_fenced',
    'Partitions found to be another projector’s. Often: a projector hangs for longer than LOCKSTEP_PROJECTOR_LEASE_MS.',
  );
  const failures = metrics.counter(
    'projector_failed',
    'Turns that ended in an error. The log of this process says which: search for `a turn failed`.',
    { labels: ['loop'], words: ['follow', 'lease', 'project'] },
  );
  metrics.gauge(
    'projector_partitions',
    'Partitions that this process projects. Their sum below LOCKSTEP_PARTITIONS: start a projector.',
    held,
  );
  return {
    folded: (news) => {
      for (const [type, count] of countBy(news)) events.inc({ type }, count);
    },
    written(viewCount, lagMs) {
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

function countBy(news: readonly RecordedEvent[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of news) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}
