export { InvalidSettings, type SettingProblem } from './config/invalid-settings.js';
export { type ConfigClass, loadConfig, variableOf } from './config/load-config.js';
export type { Environment } from './config/from-files.js';
export { ServiceConfig } from './config/service-config.js';
export { type Check, Health, type HealthReport } from './health/health.js';
export { Loops } from './health/loops.js';
export { HostModule, type HostOptions } from './host.module.js';
export {
  currentBindings,
  inWork,
  traceIdOf,
  type Work,
  workBindings,
} from './logging/work-bindings.js';
export {
  type CounterOptions,
  InvalidMetric,
  type MetricOptions,
  Metrics,
  type SecondsOptions,
} from './metrics/metrics.js';
export {
  createService,
  type ServiceModule,
  type ServiceOptions,
  startService,
} from './start/start-service.js';
export { RedisConnections } from './store/redis-connections.js';
export { refuseToStart } from './start/refuse.js';
