// A worker without Nest, for whoever runs several in one process.

export { undoTask } from '../rollback/undo-task.js';
export { openWorker, type WorkerHost } from './open-worker.js';
export type { Worker } from './worker.js';
