import type { Metrics } from '@lockstep/host';
import type { RetireReply } from '@lockstep/store';

/** What a supervisor counts of its own work. */
export interface SupervisorMetrics {
  reaped(reason: 'lease' | 'connections', tasks: number, workers: number): void;
  fired(timers: number): void;
  trimmed(entries: number): void;
  forgotten(consumers: number): void;
  retired(replies: readonly RetireReply[]): void;
  archived(bytes: number): void;
  guessed(): void;
  recovered(seconds: number): void;
  redriven(outcome: 'redriven' | 'refused'): void;
  failed(duty: string): void;
}

export function supervisorMetrics(metrics: Metrics): SupervisorMetrics {
  const reason = { labels: ['reason'] as const };
  const tasks = metrics.counter('reaped_tasks', 'Tasks taken back from dead workers', reason);
  const workers = metrics.counter('reaped_workers', 'Workers removed from a partition', reason);
  const timers = metrics.counter('fire', 'Timers and deadlines fired');
  const entries = metrics.counter('trim', 'Entries of the feed that were forgotten');
  const consumers = metrics.counter('forget', 'Consumers of ended processes that were forgotten');
  const retired = metrics.counter(
    'retire',
    'Workflows whose time had come, by what became of them',
    {
      labels: ['reply'],
    },
  );
  const archived = metrics.counter('archive', 'Workflows that were archived');
  const archivedBytes = metrics.counter('archive_bytes', 'Bytes that were archived');
  const guesses = metrics.counter('guess', 'Workers taken for dead by their connections');
  const recovery = metrics.seconds(
    'recovery',
    'From the last look that saw the connections of a worker to its tasks being back at their roles',
  );
  const redrives = metrics.counter('redrive', 'Dead letters that a redrive of many came to', {
    labels: ['outcome'],
  });
  const failures = metrics.counter('duty_failed', 'Rounds that ended in an error', {
    labels: ['duty'],
  });
  return {
    reaped(by, taken, removed) {
      tasks.inc({ reason: by }, taken);
      workers.inc({ reason: by }, removed);
    },
    fired(fired) {
      timers.inc(fired);
    },
    trimmed(trimmed) {
      entries.inc(trimmed);
    },
    forgotten(forgotten) {
      consumers.inc(forgotten);
    },
    retired(replies) {
      for (const reply of replies) retired.inc({ reply });
    },
    archived(bytes) {
      archived.inc();
      archivedBytes.inc(bytes);
    },
    guessed() {
      guesses.inc();
    },
    recovered(seconds) {
      recovery.observe(seconds);
    },
    redriven(outcome) {
      redrives.inc({ outcome });
    },
    failed(duty) {
      failures.inc({ duty });
    },
  };
}
