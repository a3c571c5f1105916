export * from './worker/claimed-task.js';
