import type { Metrics } from '@lockstep/host';
import type { TargetEvents } from './targets.js';

/** Counts what is asked of targets, and what came of it; their names are those that authors declare. */
export function targetMetrics(metrics: Metrics): TargetEvents {
  const admit = metrics.counter(
    'admit',
    'Asked of a target before acting there, by answer. Many `open`: lockstep breaker list; `full`, `limited` or `busy`: its limits.',
    { labels: ['target', 'reply'] },
  );
  const call = metrics.seconds(
    'target_call',
    'Work that was admitted at a target, until its outcome. `failed` and `timed-out` open its breaker: mend the target.',
    { labels: ['target', 'outcome'] },
  );
  return {
    asked(target, reply) {
      admit.inc({ target, reply });
    },
    reported(target, outcome, seconds) {
      call.observe({ target, outcome }, seconds);
    },
  };
}
