import type { Answer, ToolValue } from './answers.js';
import type { ToolArguments } from './arguments.js';
import { type CallOptions, Connection, type WriteOptions } from './connection.js';
import type { ChangedRecord, Order } from './records.js';
import type { ToolName, WriteTool } from './tools.js';
import type { UndoArguments, UndoName } from './undos.js';

/** Writes need a reference, reads take none. */
export type ToolCallOptions<T extends ToolName> = T extends WriteTool ? WriteOptions : CallOptions;

/**
 * The shop's tools over HTTP. A repeat is never deduplicated: whoever is in
 * doubt looks the reference up. Errors as of Connection.
 */
export class ShopClient {
  readonly #connection: Connection;

  /** @param baseUrl - such as `http://127.0.0.1:7480` */
  constructor(baseUrl: string) {
    this.#connection = new Connection(baseUrl);
  }

  /** Calls a tool on a database, which is made from the initial one on first use. */
  async call<T extends ToolName>(
    database: string,
    tool: T,
    args: ToolArguments<T>,
    options: ToolCallOptions<T>,
  ): Promise<Answer<ToolValue<T>>> {
    return this.#connection.post(`${pathOf(database)}/tools/${tool}`, args, options);
  }

  /** Takes a write back exactly, under a reference of its own. */
  async undo<U extends UndoName>(
    database: string,
    undo: U,
    args: UndoArguments<U>,
    options: WriteOptions,
  ): Promise<Answer<Order>> {
    return this.#connection.post(`${pathOf(database)}/undos/${undo}`, args, options);
  }

  /**
   * The value that the first write (by `tool`) or undo under this reference
   * returned; undefined if it was definitely not done. A refused call was not.
   */
  async firstResult<T extends WriteTool>(
    database: string,
    reference: string,
    options: CallOptions = {},
  ): Promise<{ value: ToolValue<T> } | undefined> {
    const path = `${pathOf(database)}/references/${encodeURIComponent(reference)}`;
    return this.#connection.find(path, options);
  }

  /** Digest of the whole database, in hex; see DatabaseDigest. */
  async digest(database: string, options: CallOptions = {}): Promise<string> {
    const path = `${pathOf(database)}/digest`;
    return (await this.#connection.get<{ digest: string }>(path, options)).digest;
  }

  /** Records that differ from the initial database, ordered by table and id. */
  async changed(database: string, options: CallOptions = {}): Promise<ChangedRecord[]> {
    return this.#connection.get(`${pathOf(database)}/changed`, options);
  }
}

function pathOf(database: string): string {
  return `/databases/${encodeURIComponent(database)}`;
}
