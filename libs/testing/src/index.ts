export { eventually } from './eventually.js';
export { freePort } from './free-port.js';
export { startRedis, type RedisOptions, type RedisServer } from './redis/server.js';
