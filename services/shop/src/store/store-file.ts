import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

// Values are kept as JSON texts: they read back to the same doubles, which a
// column of numbers would not promise for every amount.
const LAYOUT = `
  CREATE TABLE IF NOT EXISTS origin (
    initial_digest TEXT NOT NULL
  ) STRICT;

  CREATE TABLE IF NOT EXISTS changed_record (
    database TEXT NOT NULL, record_table TEXT NOT NULL, id TEXT NOT NULL, after TEXT NOT NULL,
    PRIMARY KEY (database, record_table, id)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS first_result (
    database TEXT NOT NULL, reference TEXT NOT NULL, call TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (database, reference)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE IF NOT EXISTS bank_entry (
    number INTEGER PRIMARY KEY, database TEXT NOT NULL, reference TEXT NOT NULL, entry TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS bank_entry_reference ON bank_entry (reference, number);

  CREATE TABLE IF NOT EXISTS mail (
    number INTEGER PRIMARY KEY, database TEXT NOT NULL, reference TEXT NOT NULL, entry TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS mail_reference ON mail (reference, number);
`;

/**
 * The outside world's one file. A commit is on disk when it returns, so that
 * SIGKILL and power loss take nothing back.
 */
@Injectable()
export class StoreFile implements OnApplicationShutdown {
  readonly #file: DatabaseSync;

  /**
   * @param folder - where the file is, made on first use
   * @param initialDigest - of the database that the changed records are relative to
   * @throws Error when the file was made for another initial database
   */
  constructor(folder: string, initialDigest: string) {
    mkdirSync(folder, { recursive: true });
    this.#file = new DatabaseSync(join(folder, 'shop.sqlite'));
    this.#file.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    this.#file.exec(LAYOUT);
    this.#mustComeFrom(folder, initialDigest);
  }

  prepare(sql: string): StatementSync {
    return this.#file.prepare(sql);
  }

  /** Runs `write` in one transaction: all of it, or none. */
  commit(write: () => void): void {
    this.#file.exec('BEGIN IMMEDIATE');
    try {
      write();
      this.#file.exec('COMMIT');
    } catch (error) {
      if (this.#file.isTransaction) this.#file.exec('ROLLBACK');
      throw error;
    }
  }

  /** @throws Error when the file cannot be read */
  check(): void {
    this.#file.prepare('SELECT initial_digest FROM origin').get();
  }

  onApplicationShutdown(): void {
    this.close();
  }

  close(): void {
    if (this.#file.isOpen) this.#file.close();
  }

  #mustComeFrom(folder: string, initialDigest: string): void {
    const origin = this.#file.prepare('SELECT initial_digest FROM origin').get();
    if (!origin) this.#file.prepare('INSERT INTO origin VALUES (?)').run(initialDigest);
    else if (origin['initial_digest'] !== initialDigest) {
      this.close();
      throw new Error(
        `${folder} holds changes to another initial database; ` +
          'set SHOP_DATA_DIR to an empty folder, or SHOP_INITIAL_DIR back to the former one',
      );
    }
  }
}
