import type { StatementSync } from 'node:sqlite';
import type { BankEntry, ListFilter, Mail } from '@lockstep/retail/shop';
import type { StoreFile } from './store-file.js';

export interface Entry {
  reference: string;
  database: string;
}

/** Entries that are only ever added, and added again when asked again. */
class Book<E extends Entry> {
  readonly #add: StatementSync;
  readonly #first: StatementSync;
  readonly #list: StatementSync;

  constructor(file: StoreFile, table: 'bank_entry' | 'mail') {
    this.#add = file.prepare(`INSERT INTO ${table} (database, reference, entry) VALUES (?, ?, ?)`);
    this.#first = file.prepare(
      `SELECT entry FROM ${table} WHERE reference = ? ORDER BY number LIMIT 1`,
    );
    this.#list = file.prepare(
      `SELECT entry FROM ${table}
       WHERE database = ifnull(:database, database)
         AND substr(database, 1, length(:databasePrefix)) = :databasePrefix
       ORDER BY number`,
    );
  }

  /** Adds an entry; it is on disk when this returns. */
  add(entry: E): E {
    this.#add.run(entry.database, entry.reference, JSON.stringify(entry));
    return entry;
  }

  /** The first entry under a reference. */
  first(reference: string): E | undefined {
    const row = this.#first.get(reference);
    return row && (entryOf(row) as E);
  }

  /** Entries in the order in which they were added. */
  list({ database, databasePrefix = '' }: ListFilter): E[] {
    const rows = this.#list.all({ database: database ?? null, databasePrefix });
    return rows.map(entryOf) as E[];
  }
}

function entryOf(row: Record<string, unknown>): unknown {
  return JSON.parse(String(row['entry']));
}

/** The bank's bookings. */
export class Bank extends Book<BankEntry> {
  constructor(file: StoreFile) {
    super(file, 'bank_entry');
  }
}

/** The mails that were sent. */
export class Outbox extends Book<Mail> {
  constructor(file: StoreFile) {
    super(file, 'mail');
  }
}
