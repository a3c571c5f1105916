import type { Metrics } from '@lockstep/host';

const counts = { inc: () => undefined, observe: () => undefined };

/** Of a process that nobody measures. */
export const SILENT_METRICS = {
  counter: () => counts,
  seconds: () => counts,
  gauge: () => counts,
} as unknown as Metrics;
