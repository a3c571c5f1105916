export * from './events/event.js';
export * from './failure/error-chain.js';
