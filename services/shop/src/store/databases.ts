import type { StatementSync } from 'node:sqlite';
import {
  type ChangedRecord,
  DatabaseDigest,
  type RetailDatabase,
  type TableName,
  type Tables,
} from '@lockstep/retail/shop';
import type { RetailView } from '../tools/view.js';
import type { StoreFile } from './store-file.js';

/** Databases by name, side by side: each is the initial one and its own changed records. */
export class Databases {
  readonly #initial: RetailDatabase;
  readonly #digests: DatabaseDigest;
  readonly #find: StatementSync;
  readonly #list: StatementSync;
  readonly #put: StatementSync;
  readonly #drop: StatementSync;

  constructor(file: StoreFile, initial: RetailDatabase) {
    this.#initial = initial;
    this.#digests = new DatabaseDigest(initial);
    const ofRecord = 'database = ? AND record_table = ? AND id = ?';
    this.#find = file.prepare(`SELECT after FROM changed_record WHERE ${ofRecord}`);
    this.#list = file.prepare(
      'SELECT record_table, id, after FROM changed_record WHERE database = ? ORDER BY record_table, id',
    );
    this.#put = file.prepare('INSERT OR REPLACE INTO changed_record VALUES (?, ?, ?, ?)');
    this.#drop = file.prepare(`DELETE FROM changed_record WHERE ${ofRecord}`);
  }

  /** A database as it is now. One never written to is the initial one. */
  view(database: string): RetailView {
    return {
      find: (table, id) => this.#record(database, table, id),
      all: (table) => this.#records(database, table),
    };
  }

  /** Records that differ from the initial database, ordered by table and id. */
  changed(database: string): ChangedRecord[] {
    return this.#list.all(database).map(changedRecord);
  }

  /** Digest of the whole database, in hex. */
  digest(database: string): string {
    return this.#digests.digest(this.changed(database));
  }

  /** Keeps a record; one that is back at its initial content is kept no more. */
  put(database: string, record: ChangedRecord): void {
    const { table, id, after } = record;
    if (this.#digests.isInitial(record)) this.#drop.run(database, table, id);
    else this.#put.run(database, table, id, JSON.stringify(after));
  }

  #record<T extends TableName>(database: string, table: T, id: string): Tables[T] | undefined {
    const changed = this.#find.get(database, table, id);
    if (changed) return JSON.parse(String(changed['after'])) as Tables[T];
    return Object.hasOwn(this.#initial[table], id) ? this.#initial[table][id] : undefined;
  }

  *#records<T extends TableName>(database: string, table: T): Iterable<[string, Tables[T]]> {
    for (const id of Object.keys(this.#initial[table])) {
      const record = this.#record(database, table, id);
      if (record) yield [id, record];
    }
  }
}

function changedRecord(row: Record<string, unknown>): ChangedRecord {
  return {
    table: row['record_table'],
    id: row['id'],
    after: JSON.parse(String(row['after'])) as unknown,
  } as ChangedRecord;
}
