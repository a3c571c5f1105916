export * from './outside.js';
export * from './shop-tools.js';
export * from './shop-writes.js';
export * from './targets.js';
export * from './write-effect.js';
export * from './team-config.js';
