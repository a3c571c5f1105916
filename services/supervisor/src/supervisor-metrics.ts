import type { Metrics } from '@lockstep/host';
import type { RetireReply } from '@lockstep/store';

/** What it does again and again, and may fail at. */
const DUTIES = [
  ...(['connections', 'reap', 'fire', 'trim', 'forget'] as const),
  ...(['redrive', 'names', 'census', 'retire'] as const),
];
export type Duty = (typeof DUTIES)[number];

/** What a supervisor counts of its own work. */
export interface SupervisorMetrics {
  reaped(reason: 'lease' | 'connections', tasks: number, workers: number): void;
  /** @param lateMs - of the first of them */
  fired(timers: number, lateMs: number): void;
  trimmed(entries: number): void;
  forgotten(consumers: number): void;
  retired(replies: readonly RetireReply[]): void;
  archived(bytes: number): void;
  guessed(): void;
  recovered(seconds: number): void;
  redriven(outcome: 'redriven' | 'refused'): void;
  failed(duty: Duty): void;
}

export function supervisorMetrics(metrics: Metrics): SupervisorMetrics {
  const reason = { labels: ['reason'] as const, words: ['lease', 'connections'] };
  const tasks = metrics.counter(
    'reaped_tasks',
    'Tasks taken back from dead workers: the `lease` ended, or no `connections` were left. Many: processes die, read their logs.',
    reason,
  );
  const workers = metrics.counter(
    'reaped_workers',
    'Workers removed from a partition. More than you ended: processes die or hang, read their logs.',
    reason,
  );
  const timers = metrics.counter('fire', 'Timers and deadlines fired.');
  const late = metrics.seconds(
    'timer_late',
    'How late the first timer of a round was. Over 1 s: Redis is slow, or there are too few supervisors.',
  );
  const entries = metrics.counter(
    'trim',
    'Entries of the feed that were forgotten. None while lockstep_feed_entries grows: no projector is at work.',
  );
  const consumers = metrics.counter('forget', 'Consumers of ended processes that were forgotten.');
  const retired = metrics.counter(
    'retire',
    'Workflows whose time had come: `ok` left, all others stay for now. Many others: their views or effects are not done.',
    { labels: ['reply'], words: ['ok'] },
  );
  const archived = metrics.counter('archive', 'Workflows that were archived.');
  const archivedBytes = metrics.counter(
    'archive_bytes',
    'Bytes that were archived. Watch the space in LOCKSTEP_ARCHIVE_DIR.',
  );
  const guesses = metrics.counter(
    'guess',
    'Workers taken for dead by their connections. Compare with lockstep_wrong_guess_total of the agents.',
  );
  const recovery = metrics.seconds(
    'recovery',
    'From the last look that saw the connections of a worker to its tasks being back. Long: Redis or this process is overloaded.',
  );
  const redrives = metrics.counter(
    'redrive',
    'Dead letters that a redrive of many came to. `refused`: lockstep dead show says why.',
    { labels: ['outcome'], words: ['redriven', 'refused'] },
  );
  const failures = metrics.counter(
    'duty_failed',
    'Rounds that ended in an error. The log of this process says which: search for `a round failed`.',
    { labels: ['duty'], words: DUTIES },
  );
  return {
    reaped(by, taken, removed) {
      tasks.inc({ reason: by }, taken);
      workers.inc({ reason: by }, removed);
    },
    fired(fired, lateMs) {
      timers.inc(fired);
      if (fired > 0) late.observe(lateMs / 1000);
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
