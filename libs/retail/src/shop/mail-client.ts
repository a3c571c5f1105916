import type { ListFilter, Mail } from './bookings.js';
import { type CallOptions, Connection } from './connection.js';
import { queryOf } from './query.js';

/** The mail outbox over HTTP. It sends twice when asked twice. Errors as of Connection. */
export class MailClient {
  readonly #connection: Connection;

  /** @param baseUrl - such as `http://127.0.0.1:7480` */
  constructor(baseUrl: string) {
    this.#connection = new Connection(baseUrl);
  }

  /** Sends a mail. */
  async send(mail: Mail, options: CallOptions = {}): Promise<Mail> {
    return this.#connection.post('/mails', mail, options);
  }

  /** The first mail under this reference; undefined if none was sent. */
  async sent(reference: string, options: CallOptions = {}): Promise<Mail | undefined> {
    return this.#connection.find(`/mails/references/${encodeURIComponent(reference)}`, options);
  }

  /** All mails, in the order in which they were sent. */
  async mails(filter: ListFilter = {}, options: CallOptions = {}): Promise<Mail[]> {
    return this.#connection.get(`/mails?${queryOf(filter)}`, options);
  }
}
