import type { BankEntry, ListFilter } from './bookings.js';
import { type CallOptions, Connection } from './connection.js';
import { queryOf } from './query.js';

/** The bank over HTTP. It books twice when asked twice. Errors as of Connection. */
export class BankClient {
  readonly #connection: Connection;

  /** @param baseUrl - such as `http://127.0.0.1:7480` */
  constructor(baseUrl: string) {
    this.#connection = new Connection(baseUrl);
  }

  /** Books an entry. @returns the entry as booked, its amount equal to the last bit */
  async book(entry: BankEntry, options: CallOptions = {}): Promise<BankEntry> {
    return this.#connection.post('/bank/entries', entry, options);
  }

  /** The first booking under this reference; undefined if none was made. */
  async booking(reference: string, options: CallOptions = {}): Promise<BankEntry | undefined> {
    return this.#connection.find(`/bank/references/${encodeURIComponent(reference)}`, options);
  }

  /** All bookings, in the order in which they were made. */
  async bookings(filter: ListFilter = {}, options: CallOptions = {}): Promise<BankEntry[]> {
    return this.#connection.get(`/bank/entries?${queryOf(filter)}`, options);
  }
}
