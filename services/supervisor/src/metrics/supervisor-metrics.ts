import type { Metrics } from '@lockstep/host';

/** What a supervisor counts of its own work. */
export interface SupervisorMetrics {
  reaped(tasks: number, workers: number): void;
  fired(timers: number): void;
  trimmed(entries: number): void;
  suspected(workers: number): void;
  failed(duty: string): void;
}

export function supervisorMetrics(metrics: Metrics): SupervisorMetrics {
  const tasks = metrics.counter('reaped_tasks', 'Tasks taken back from dead workers');
  const workers = metrics.counter(
    'reaped_workers',
    'Workers removed: their lease ended, or they seemed dead',
  );
  const timers = metrics.counter('fire', 'Timers and deadlines fired');
  const entries = metrics.counter('trim', 'Entries of the feed that were forgotten');
  const suspects = metrics.counter('suspected', 'Looks that found a worker without any connection');
  const failures = metrics.counter('duty_failed', 'Rounds that ended in an error', {
    labels: ['duty'],
  });
  return {
    reaped(taken, removed) {
      tasks.inc(taken);
      workers.inc(removed);
    },
    fired(fired) {
      timers.inc(fired);
    },
    trimmed(trimmed) {
      entries.inc(trimmed);
    },
    suspected(suspected) {
      suspects.inc(suspected);
    },
    failed(duty) {
      failures.inc({ duty });
    },
  };
}
