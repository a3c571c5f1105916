import type { RecordedEvent } from '@lockstep/kernel';

/**
 * One event as JSON text. The payload is put in as it was recorded, never decoded and encoded again: a
 * reader gets the very digits that were written.
 */
export function eventJson(event: RecordedEvent): string {
  const { version, type, task, op, epoch, atMs, meta, data } = event;
  const at = new Date(atMs).toISOString();
  const told = JSON.stringify({ version, at, type, task, op, epoch, meta });
  return `${told.slice(0, -1)},"data":${data === '' ? 'null' : data}}`;
}
