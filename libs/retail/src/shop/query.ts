import type { ListFilter } from './bookings.js';

/** A list's filter as the query of its URL. */
export function queryOf(filter: ListFilter): string {
  return new URLSearchParams({ ...filter }).toString();
}
