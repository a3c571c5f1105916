import type { PaymentEntry } from './records.js';

/** One movement of money to book at the bank, for an entry of an order's payment history. */
export interface BankEntry extends PaymentEntry {
  /** Names the booking for a look-up: 1 to 512 printable ASCII characters. */
  reference: string;
  database: string;
  order_id: string;
}

/** One mail to a customer. */
export interface Mail {
  /** Names the mail for a look-up: 1 to 512 printable ASCII characters. */
  reference: string;
  database: string;
  /** The customer's user id. */
  to: string;
  subject: string;
  text: string;
}

/** Which bookings or mails to list; all, where nothing is named. */
export interface ListFilter {
  database?: string;
  /** Databases whose names start so. */
  databasePrefix?: string;
}
