import type { RecordedEvent } from '@lockstep/kernel';

/**
 * One event as JSON text. The payload is put in as it was recorded, never decoded and encoded again: a
 * reader gets the very digits that were written.
 */
export function eventJson(event: RecordedEvent): string {
  const { version, type, task, op, epoch, atMs, meta, data } = event;
  const told = JSON.stringify({ version, type, task, op, epoch, atMs, meta });
  return `${told.slice(0, -1)},"data":${data === '' ? 'null' : data}}`;
}
