import { collectDefaultMetrics, type Registry } from 'prom-client';

/** Gauges whose names are those of counters; `nodejs_active_resources{type}` and the like say the same. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** What Node and the operating system know of this process: memory, CPU time, event loop, garbage collection. */
export function processMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
}
