export * from './canonical/canonical-json.js';
export * from './effect/progress.js';
export * from './events/event.js';
export * from './failure/error-chain.js';
export * from './failure/failures.js';
export * from './journal/journal.js';
export * from './retry/policy.js';
export * from './shared-state/shared-state.js';
