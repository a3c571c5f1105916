import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

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
 * Opens the outside world's one file in `folder`, made on first use. A commit
 * is on disk when it returns, so that SIGKILL and power loss take nothing back.
 *
 * @param initialDigest - of the database that the changed records are relative to
 * @throws Error when the file was made for another initial database
 */
export function openStoreFile(folder: string, initialDigest: string): DatabaseSync {
  mkdirSync(folder, { recursive: true });
  const file = new DatabaseSync(join(folder, 'shop.sqlite'));
  file.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 5000;');
  file.exec(LAYOUT);
  mustComeFrom(file, folder, initialDigest);
  return file;
}

function mustComeFrom(file: DatabaseSync, folder: string, initialDigest: string): void {
  const origin = file.prepare('SELECT initial_digest FROM origin').get();
  if (!origin) file.prepare('INSERT INTO origin VALUES (?)').run(initialDigest);
  else if (origin['initial_digest'] !== initialDigest) {
    file.close();
    throw new Error(
      `${folder} holds changes to another initial database; ` +
        'set SHOP_DATA_DIR to an empty folder, or SHOP_INITIAL_DIR back to the former one',
    );
  }
}

/** Runs `write` in one transaction: all of it, or none. */
export function commit(file: DatabaseSync, write: () => void): void {
  file.exec('BEGIN IMMEDIATE');
  try {
    write();
    file.exec('COMMIT');
  } catch (error) {
    if (file.isTransaction) file.exec('ROLLBACK');
    throw error;
  }
}
