import { byCodeUnit, canonical, sha256 } from './canonical.js';
import { type ChangedRecord, type RetailDatabase, TABLES, type TableName } from './records.js';

/**
 * Digests of databases that are kept as the records which differ from one
 * initial database. Every initial record is written out once; a digest then
 * only writes the changed ones.
 */
export class DatabaseDigest {
  readonly #tables: ReadonlyMap<TableName, InitialTable>;

  constructor(initial: RetailDatabase) {
    this.#tables = new Map(TABLES.map((table) => [table, new InitialTable(initial[table])]));
  }

  /**
   * SHA-256 in hex of the whole database's canonical JSON, with `changed` in
   * place of the initial records.
   *
   * @throws RangeError for a record that the initial database does not have:
   * no tool adds records
   */
  digest(changed: readonly ChangedRecord[] = []): string {
    const byTable = Map.groupBy(changed, ({ table }) => table);
    const tables = TABLES.map((table) => {
      const text = this.#table(table).textWith(byTable.get(table) ?? []);
      return `${JSON.stringify(table)}:${text}`;
    });
    return sha256(`{${tables.join(',')}}`);
  }

  /** Whether the record is, in canonical form, what the initial database holds. */
  isInitial({ table, id, after }: ChangedRecord): boolean {
    return this.#table(table).isInitial(id, after);
  }

  #table(table: TableName): InitialTable {
    const found = this.#tables.get(table);
    if (!found) throw new RangeError(`${table} is not a table`);
    return found;
  }
}

/** The canonical texts of one initial table's records, in canonical order of ids. */
class InitialTable {
  /** Id to `"id":record`. */
  readonly #members: ReadonlyMap<string, string>;
  readonly #text: string;

  constructor(records: Record<string, unknown>) {
    const sorted = Object.entries(records).sort(([a], [b]) => byCodeUnit(a, b));
    this.#members = new Map(sorted.map(([id, record]) => [id, memberOf(id, record)]));
    this.#text = tableOf(this.#members);
  }

  isInitial(id: string, after: unknown): boolean {
    return this.#members.get(id) === memberOf(id, after);
  }

  textWith(changed: readonly ChangedRecord[]): string {
    if (changed.length === 0) return this.#text;
    const members = new Map(this.#members);
    for (const { table, id, after } of changed) {
      if (!members.has(id)) throw new RangeError(`${table} has no initial record ${id}`);
      members.set(id, memberOf(id, after));
    }
    return tableOf(members);
  }
}

function memberOf(id: string, record: unknown): string {
  return `${JSON.stringify(id)}:${canonical(record)}`;
}

function tableOf(members: ReadonlyMap<string, string>): string {
  return `{${[...members.values()].join(',')}}`;
}
