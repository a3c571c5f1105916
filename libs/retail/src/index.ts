export * from './contracts/index.js';
export * from './shop/index.js';
