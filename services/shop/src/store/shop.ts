import type {
  Answer,
  ChangedRecord,
  RetailDatabase,
  ToolName,
  UndoName,
} from '@lockstep/retail/shop';
import { run, RETAIL_TOOLS } from '../tools/run.js';
import type { Run } from '../tools/view.js';
import { UNDOS } from '../undos/index.js';
import { Databases } from './databases.js';
import { type FirstResult, FirstResults } from './first-results.js';
import type { StoreFile } from './store-file.js';

/**
 * The shop: tools and undos over databases that last.
 *
 * A repeat is not deduplicated. It runs again and answers what came of that;
 * the look-up by reference keeps the first result.
 */
export class Shop {
  readonly #file: StoreFile;
  readonly #databases: Databases;
  readonly #firstResults: FirstResults;

  constructor(file: StoreFile, initial: RetailDatabase) {
    this.#file = file;
    this.#databases = new Databases(file, initial);
    this.#firstResults = new FirstResults(file);
  }

  /** Calls a tool that changes nothing, with validated arguments. */
  read(database: string, tool: ToolName, args: object): Answer<unknown> {
    return this.#run(database, RETAIL_TOOLS[tool] as Run<object, unknown>, args).answer;
  }

  /** Calls a tool; its changes and its first result are one commit. */
  write(database: string, tool: ToolName, args: object, reference: string): Answer<unknown> {
    return this.#write(database, tool, RETAIL_TOOLS[tool] as Run<object, unknown>, args, reference);
  }

  /** Takes a write back, under a reference of its own. */
  undo(database: string, undo: UndoName, args: object, reference: string): Answer<unknown> {
    return this.#write(database, undo, UNDOS[undo] as Run<object, unknown>, args, reference);
  }

  firstResult(database: string, reference: string): FirstResult | undefined {
    return this.#firstResults.find(database, reference);
  }

  digest(database: string): string {
    return this.#databases.digest(database);
  }

  changed(database: string): ChangedRecord[] {
    return this.#databases.changed(database);
  }

  #write(
    database: string,
    call: string,
    tool: Run<object, unknown>,
    args: object,
    reference: string,
  ): Answer<unknown> {
    const { answer, changed } = this.#run(database, tool, args);
    if (!answer.ok) return answer;
    this.#file.commit(() => {
      for (const record of changed) this.#databases.put(database, record);
      this.#firstResults.add(database, reference, { call, value: answer.value });
    });
    return answer;
  }

  #run(database: string, tool: Run<object, unknown>, args: object) {
    return run(this.#databases.view(database), tool, args);
  }
}
