import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Faults } from './faults/faults.js';
import type { HeldConnections } from './faults/held-connections.js';

/** Gauges whose names are those of counters. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** What the outside world counts, for Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: 'shop_request_seconds',
    help: 'Time to answer, by route and status; long when a fault is `slow`.',
    labelNames: ['route', 'status'],
    registers: [this.#registry],
  });

  constructor(faults: Faults, held: HeldConnections) {
    collectDefaultMetrics({ register: this.#registry });
    for (const name of MISNAMED) this.#registry.removeSingleMetric(name);
    new Counter({
      name: 'shop_faults_total',
      help: 'Faults that have struck since the start, by kind. None are wanted: SHOP_FAULT_RATE=0.',
      labelNames: ['kind'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [kind, count] of Object.entries(faults.counts)) this.inc({ kind }, count);
      },
    });
    new Gauge({
      name: 'shop_held_connections',
      help: 'Connections whose answer never comes, by a fault; their callers give up by their own timeouts.',
      registers: [this.#registry],
      collect() {
        this.set(held.list().length);
      },
    });
  }

  answered(route: string, status: number, seconds: number): void {
    this.#requests.observe({ route, status }, seconds);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
