import { LEGS, PARTS, STEPS } from '../jobs/jobs.js';
import { latency } from './latency.js';
import { load } from './load.js';
import type { Measurement } from './measurement.js';
import { memory } from './memory.js';
import { metricsCost } from './metrics.js';
import { recovery, recoveryWithEffects } from './recovery.js';
import { replay } from './replay.js';
import { replicas } from './replicas.js';
import { soak } from './soak.js';

const steps = (inFlight: number): Measurement =>
  load({
    ...{ id: `steps/${inFlight}`, kind: 'walk', inFlight, figure: 'steps', aJob: STEPS, writes: 1 },
    tellsCosts: inFlight === 256,
  });

/** In the order of the report. */
export const MEASUREMENTS: readonly Measurement[] = [
  latency({ id: 'steps/latency', kind: 'walk', writes: STEPS }),
  ...[16, 64, 256, 1024].map(steps),
  latency({ id: 'handoff/latency', kind: 'relay', writes: LEGS.length }),
  load({
    ...{ id: 'handoff/load', kind: 'relay', inFlight: 64 },
    ...{ figure: 'workflows', aJob: 1, writes: LEGS.length },
  }),
  latency({ id: 'fan-out/latency', kind: 'share', writes: 2 }),
  load({
    ...{ id: 'fan-out/load', kind: 'share', inFlight: 16, tasksAJob: PARTS },
    ...{ figure: 'children', aJob: PARTS, writes: 2 },
  }),
  replay,
  recovery,
  recoveryWithEffects,
  memory,
  metricsCost,
  replicas,
  soak,
];
