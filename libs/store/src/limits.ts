// What is refused before it is sent, with what to do instead.

import { LockstepError } from '@lockstep/contracts';
import type { Append } from './append.js';

export const MAX_EVENT_BYTES = 256 * 1024;
export const MAX_APPEND_BYTES = 1024 * 1024;
export const MAX_EVENTS = 1024;
export const MAX_DELIVERIES = 256;
const MAX_NAME = 256;
const TENANT = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/;

export class PayloadTooLarge extends LockstepError {
  readonly code = 'PayloadTooLarge';
  readonly kind = 'permanent';

  /** @param what - whose payload it is, in words */
  constructor(what: string, bytes: number, limit: number) {
    super(
      `${what} has ${bytes} bytes, and at most ${limit} fit: keep large things elsewhere and pass a ` +
        'reference to them',
      { what, bytes, limit },
    );
  }
}

export class TooManyEvents extends LockstepError {
  readonly code = 'TooManyEvents';
  readonly kind = 'permanent';

  constructor(events: number) {
    super(`one append has ${events} events, and at most ${MAX_EVENTS} fit: append them in turn`, {
      events,
      limit: MAX_EVENTS,
    });
  }
}

export class TooManyDeliveries extends LockstepError {
  readonly code = 'TooManyDeliveries';
  readonly kind = 'permanent';

  constructor(deliveries: number) {
    super(
      `one append delivers ${deliveries} tasks, and at most ${MAX_DELIVERIES} may: deliver the rest ` +
        'with the next append',
      { deliveries, limit: MAX_DELIVERIES },
    );
  }
}

export class InvalidName extends LockstepError {
  readonly code = 'InvalidName';
  readonly kind = 'permanent';

  constructor(what: string, name: string, rule: string) {
    super(`${JSON.stringify(name.slice(0, MAX_NAME))} cannot be ${what}: ${rule}`, { what, rule });
  }
}

/** @throws PayloadTooLarge */
export function checkPayload(what: string, text: string): void {
  if (text.length * 3 <= MAX_EVENT_BYTES) return;
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_EVENT_BYTES) throw new PayloadTooLarge(what, bytes, MAX_EVENT_BYTES);
}

/** @throws InvalidName */
export function checkTenant(tenant: string): void {
  if (TENANT.test(tenant)) return;
  throw new InvalidName('a tenant', tenant, 'up to 63 letters, digits, hyphens or underscores');
}

/** An id or a key that a caller chose. @throws InvalidName */
export function checkId(what: string, id: string): void {
  if (id.length > 0 && id.length <= MAX_NAME) return;
  throw new InvalidName(what, id, `it has 1 to ${MAX_NAME} characters`);
}

/** @throws PayloadTooLarge, TooManyEvents or TooManyDeliveries */
export function checkAppend({ items }: Append): void {
  if (items.length > MAX_EVENTS) throw new TooManyEvents(items.length);
  const deliveries = items.filter(({ deliver }) => deliver).length;
  if (deliveries > MAX_DELIVERIES) throw new TooManyDeliveries(deliveries);
  for (const { event } of items) checkPayload(`a ${event.type} of task ${event.task}`, event.data);
  const chars = items.reduce((sum, { event }) => sum + event.data.length, 0);
  if (chars * 3 <= MAX_APPEND_BYTES) return;
  const bytes = items.reduce((sum, { event }) => sum + Buffer.byteLength(event.data), 0);
  if (bytes > MAX_APPEND_BYTES) throw new PayloadTooLarge('one append', bytes, MAX_APPEND_BYTES);
}
