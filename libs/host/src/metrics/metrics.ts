import { Injectable } from '@nestjs/common';
import { LockstepError } from '@lockstep/contracts';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { harmless } from './harmless.js';
import { processMetrics } from './process-metrics.js';

export class InvalidMetric extends LockstepError {
  readonly code = 'InvalidMetric';
  readonly kind = 'defect';
}

export interface MetricOptions<Label extends string> {
  /** Names with few values; none may tell one tenant's work from another's (G7). */
  readonly labels?: readonly Label[];
}

export interface CounterOptions<Label extends string> extends MetricOptions<Label> {
  /** Words of its only label that are shown from the start, with 0: an increase from nothing is not seen. Default none. */
  readonly words?: readonly string[];
}

export interface SecondsOptions<Label extends string> extends MetricOptions<Label> {
  /** Upper bounds, unit s. */
  readonly buckets?: readonly number[];
}

const UNBOUNDED = ['tenant', 'workflow', 'wf', 'task', 'claim', 'worker', 'key'];
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * The metrics of one service: those of the process, and those that its parts declare. What a part tells them never
 * fails it: a metric is not worth the work that it is about.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly registers: Registry[];

  /** @param isOn - whether anything is counted and served; default true */
  constructor(private readonly isOn = true) {
    this.registers = isOn ? [this.registry] : [];
    if (isOn) processMetrics(this.registry);
  }

  /** Counts an operation as `lockstep_<operation>_total`. */
  counter<Label extends string>(
    operation: string,
    help: string,
    { labels = [], words = [] }: CounterOptions<Label> = {},
  ): Counter<Label> {
    const name = `lockstep_${operation}_total`;
    const counter = harmless(new Counter({ name, help, ...this.shape(labels) }), this.isOn);
    const [label] = labels;
    for (const word of words) counter.inc({ [label as Label]: word } as Record<Label, string>, 0);
    return counter;
  }

  /** Measures an operation as the histogram `lockstep_<operation>_seconds`. */
  seconds<Label extends string>(
    operation: string,
    help: string,
    { labels = [], buckets = BUCKETS }: SecondsOptions<Label> = {},
  ): Histogram<Label> {
    const name = `lockstep_${operation}_seconds`;
    const histogram = new Histogram({ name, help, ...this.shape(labels), buckets: [...buckets] });
    return harmless(histogram, this.isOn);
  }

  /** Tells an amount as `lockstep_<amount>`, read from `now` when somebody asks; `NaN` when that throws. */
  gauge(amount: string, help: string, now: () => number): Gauge {
    return new Gauge({
      ...{ name: `lockstep_${amount}`, help, registers: this.registers },
      collect() {
        this.set(numberFrom(now));
      },
    });
  }

  /** Tells an amount for each of several names, as they are when somebody asks; none when `now` throws. */
  gauges<Label extends string>(
    amount: string,
    help: string,
    label: Label,
    now: () => Iterable<readonly [name: string, amount: number]>,
  ): Gauge<Label> {
    return new Gauge({
      ...{ name: `lockstep_${amount}`, help, ...this.shape([label]) },
      collect() {
        this.reset();
        for (const [name, value] of amountsFrom(now))
          this.set({ [label]: name } as Record<Label, string>, value);
      },
    });
  }

  private shape<Label extends string>(
    labels: readonly Label[],
  ): {
    labelNames: Label[];
    registers: Registry[];
  } {
    return { labelNames: bounded(labels), registers: this.registers };
  }
}

function numberFrom(now: () => number): number {
  try {
    return now();
  } catch {
    return Number.NaN;
  }
}

function amountsFrom(
  now: () => Iterable<readonly [string, number]>,
): (readonly [string, number])[] {
  try {
    return [...now()];
  } catch {
    return [];
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
