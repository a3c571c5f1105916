import type { ExecutionEvents } from '../src/execution/execution-events.js';

const quiet = (): void => undefined;

/** The events of executions that nobody counts. */
export const UNCOUNTED: ExecutionEvents = { appended: quiet, replayed: quiet, ran: quiet };
