import type { StatementSync } from 'node:sqlite';
import type { StoreFile } from './store-file.js';

export interface FirstResult {
  /** The tool or undo that was called. */
  call: string;
  value: unknown;
}

/**
 * What the first write under each reference returned. Only writes that were
 * done stand here: a refused call changed nothing, so that a look-up after it
 * rightly says "not done", and asking again gets a fresh answer.
 */
export class FirstResults {
  readonly #find: StatementSync;
  readonly #add: StatementSync;

  constructor(file: StoreFile) {
    this.#find = file.prepare(
      'SELECT call, value FROM first_result WHERE database = ? AND reference = ?',
    );
    this.#add = file.prepare('INSERT OR IGNORE INTO first_result VALUES (?, ?, ?, ?)');
  }

  find(database: string, reference: string): FirstResult | undefined {
    const row = this.#find.get(database, reference);
    return row && { call: String(row['call']), value: JSON.parse(String(row['value'])) as unknown };
  }

  /** Does nothing when the reference has a result already. */
  add(database: string, reference: string, { call, value }: FirstResult): void {
    this.#add.run(database, reference, call, JSON.stringify(value));
  }
}
