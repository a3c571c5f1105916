import { Injectable } from '@nestjs/common';
import { LockstepError } from '@lockstep/contracts';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export class InvalidMetric extends LockstepError {
  readonly code = 'InvalidMetric';
  readonly kind = 'defect';
}

export interface MetricOptions<Label extends string> {
  /** Names with few values; none may tell one tenant's work from another's (G7). */
  readonly labels?: readonly Label[];
}

export interface SecondsOptions<Label extends string> extends MetricOptions<Label> {
  /** Upper bounds, unit s. */
  readonly buckets?: readonly number[];
}

const UNBOUNDED = ['tenant', 'workflow', 'wf', 'task', 'claim', 'worker', 'key'];
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The metrics of one service: those of the process, and those that its parts declare. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Counts an operation as `lockstep_<operation>_total`. */
  counter<Label extends string>(
    operation: string,
    help: string,
    { labels = [] }: MetricOptions<Label> = {},
  ): Counter<Label> {
    const name = `lockstep_${operation}_total`;
    return new Counter({ name, help, labelNames: bounded(labels), registers: [this.registry] });
  }

  /** Measures an operation as the histogram `lockstep_<operation>_seconds`. */
  seconds<Label extends string>(
    operation: string,
    help: string,
    { labels = [], buckets = BUCKETS }: SecondsOptions<Label> = {},
  ): Histogram<Label> {
    const name = `lockstep_${operation}_seconds`;
    const shape = { labelNames: bounded(labels), buckets: [...buckets] };
    return new Histogram({ name, help, ...shape, registers: [this.registry] });
  }

  /** Tells an amount as `lockstep_<amount>`, read from `now` when somebody asks. */
  gauge(amount: string, help: string, now: () => number): Gauge {
    return new Gauge({
      name: `lockstep_${amount}`,
      help,
      registers: [this.registry],
      collect() {
        this.set(now());
      },
    });
  }
}

/** @throws InvalidMetric when a label could have any number of values */
function bounded<Label extends string>(labels: readonly Label[]): Label[] {
  const wrong = labels.find((label) => UNBOUNDED.includes(label));
  if (wrong === undefined) return [...labels];
  throw new InvalidMetric(
    `a metric cannot have the label ${wrong}: it has too many values, and may name a tenant's work`,
    { label: wrong },
  );
}
