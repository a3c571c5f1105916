export { eventually } from './eventually.js';
export { isFullRun, seedOf } from './extent.js';
export { freePort, portFrom } from './free-port.js';
export { Proxy } from './network/proxy.js';
export type { Trap } from './network/trap.js';
export { type Exit, ServiceProcess, type ServiceSpec } from './processes/service-process.js';
export { startRedis, type RedisOptions, type RedisServer } from './redis/server.js';
