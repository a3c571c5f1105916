// What a supervisor does, for whoever runs it without a process of its own.

export type { SupervisorMetrics } from '../supervisor-metrics.js';
export { firing, reaping } from './duties.js';
export { Patrol, type Round } from './patrol.js';
