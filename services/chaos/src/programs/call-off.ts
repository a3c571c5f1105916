import type { RecordedEvent } from '@lockstep/kernel';

/** How a person ends a workflow before its time: what was done stands, or is undone. */
export const CALL_OFFS = ['cancel', 'cancel and undo', 'roll back'] as const;
export type CallOff = (typeof CALL_OFFS)[number];

/** How the workflow of a log was called off; undefined when it was not, or had ended before. */
export function callOffIn(events: readonly RecordedEvent[]): CallOff | undefined {
  for (const event of events) {
    if (event.type === 'CancelRequested') return event.meta.rollback ? 'cancel and undo' : 'cancel';
    if (event.type === 'RollbackStarted' && event.meta.by !== 'policy') return 'roll back';
  }
  return undefined;
}
