import type { EventMeta, EventType, TaskId } from '@lockstep/kernel';
import type { AppendItem } from '../../src/index.js';

/** An item of an append that only records an event. */
export function event<T extends EventType>(
  task: TaskId | '',
  type: T,
  meta: EventMeta[T],
  op = 0,
  data = '',
): AppendItem {
  return { event: { type, task, op, meta, data } };
}

export const FAILURE = [
  { name: 'Error', code: 'Error', kind: 'permanent', message: 'no' },
] as const;
