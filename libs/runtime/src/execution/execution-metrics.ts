import type { Metrics } from '@lockstep/host';
import type { EventMeta, EventType, NewEvent } from '@lockstep/kernel';
import type { AppendReply, Release } from '@lockstep/store';
import type { ExecutionEvents } from './execution-events.js';

/** Counts what executions record, and measures how long they take. */
export function executionMetrics(metrics: Metrics): ExecutionEvents {
  const append = metrics.counter(
    'append',
    'Appends to logs, by the answer of the store. Many `fenced`: claims move while work goes on, see lockstep_claim_lost_total.',
    { labels: ['reply'], words: REPLIES },
  );
  const task = metrics.counter(
    'task',
    'Tasks that this process let go, by what came of them. `failed` and `parked`: lockstep dead list says why.',
    { labels: ['outcome'], words: RELEASES },
  );
  const letter = metrics.counter(
    'dead_letter',
    'Dead letters written by tasks of this process, by reason. Each waits for a person: lockstep dead list.',
    { labels: ['reason'], words: REASONS },
  );
  const run = metrics.seconds(
    'run',
    'From a claim to its release, by task. Long ones keep places: look at their steps, and at their targets.',
    { labels: ['handler'] },
  );
  const replay = metrics.seconds(
    'replay',
    'Until a resumed handler is where it was. Long: its history is long; split the task, or hand off.',
  );
  const counters = operationCounters(metrics);
  return {
    appended({ items, release, dead }, reply) {
      append.inc({ reply });
      if (reply !== 'ok' && reply !== 'duplicate') return;
      for (const { event } of items) counters[event.type]?.(event);
      if (release) task.inc({ outcome: release.as });
      if (dead) letter.inc({ reason: String(dead.meta['reason']) });
    },
    replayed(seconds) {
      replay.observe(seconds);
    },
    ran(handler, seconds) {
      run.observe({ handler }, seconds);
    },
  };
}

const REPLIES: readonly AppendReply['reply'][] = [
  ...(['ok', 'duplicate', 'conflict', 'limit', 'fenced', 'rewound'] as const),
];
const RELEASES: readonly Release['as'][] = [
  ...(['completed', 'failed', 'handed-off', 'suspended', 'queued', 'parked', 'cancelled'] as const),
];
const REASONS = [
  ...['Uncaught', 'EffectInDoubt', 'NonDeterminism', 'Livelock', 'LimitExceeded', 'Defect'],
  ...['CompensationFailed', 'AfterRollbackFailed'],
];

type Counters = Partial<Record<EventType, (event: NewEvent) => void>>;

const BY = {
  attempt: 'committed',
  probe: 'committed-by-probe',
  person: 'committed-by-person',
} as const satisfies Record<EventMeta['EffectCommitted']['by'], string>;

const EFFECT_OUTCOMES = [
  ...Object.values(BY),
  ...['adopted', 'rejected', 'retried', 'not-performed', 'in-doubt', 'compensated'],
];

/** How each event of an operation is counted. */
function operationCounters(metrics: Metrics): Counters {
  const step = metrics.counter(
    'step',
    'Attempts of steps, by outcome: `failed` is for good. Many `retried`: what the steps call is ill.',
    { labels: ['outcome'], words: ['completed', 'retried', 'failed'] },
  );
  const effect = metrics.counter(
    'effect',
    'What came of effects. `in-doubt` is settled by a probe or a repeat; what cannot be waits for a person: lockstep effect settle.',
    { labels: ['outcome'], words: EFFECT_OUTCOMES },
  );
  const retry = metrics.counter(
    'retry',
    'Failed attempts after which another follows. Many: mend what they call, or loosen their policy.',
    { labels: ['of'], words: ['step', 'effect', 'task'] },
  );
  const ended = (outcome: string) => (): void => {
    effect.inc({ outcome });
  };
  return {
    StepCompleted: () => {
      step.inc({ outcome: 'completed' });
    },
    StepFailed: ({ meta }) => {
      const follows = (meta as EventMeta['StepFailed']).retryInMs !== null;
      step.inc({ outcome: follows ? 'retried' : 'failed' });
      if (follows) retry.inc({ of: 'step' });
    },
    AttemptFailed: () => {
      retry.inc({ of: 'task' });
    },
    EffectCommitted: ({ meta }) => {
      effect.inc({ outcome: BY[(meta as EventMeta['EffectCommitted']).by] });
    },
    EffectNotPerformed: ({ meta }) => {
      const follows = (meta as EventMeta['EffectNotPerformed']).retryInMs !== null;
      effect.inc({ outcome: follows ? 'retried' : 'not-performed' });
      if (follows) retry.inc({ of: 'effect' });
    },
    EffectAdopted: ended('adopted'),
    EffectRejected: ended('rejected'),
    EffectInDoubt: ended('in-doubt'),
    EffectCompensated: ended('compensated'),
  };
}
