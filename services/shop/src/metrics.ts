import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Faults } from './faults/faults.js';
import type { HeldConnections } from './faults/held-connections.js';

/** What the outside world counts, for Prometheus. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: 'shop_request_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['route', 'status'],
    registers: [this.#registry],
  });

  constructor(faults: Faults, held: HeldConnections) {
    collectDefaultMetrics({ register: this.#registry });
    new Counter({
      name: 'shop_faults_total',
      help: 'Faults that have struck since the start, by kind',
      labelNames: ['kind'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [kind, count] of Object.entries(faults.counts)) this.inc({ kind }, count);
      },
    });
    new Gauge({
      name: 'shop_held_connections',
      help: 'Connections whose answer never comes',
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
