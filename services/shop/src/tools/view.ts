import type { ChangedRecord, TableName, Tables } from '@lockstep/retail/shop';

/** What a tool sees of a database. Records are shared and must not be changed in place. */
export interface RetailView {
  find<T extends TableName>(table: T, id: string): Tables[T] | undefined;
  all<T extends TableName>(table: T): Iterable<[id: string, record: Tables[T]]>;
}

/** What a call returns, and the records that it changes. */
export interface Done<V> {
  value: V;
  changed: ChangedRecord[];
}

/** A tool of the shop: a pure function that returns, or throws a Refusal. */
export type Run<A, V> = (view: RetailView, args: A) => Done<V>;

/** A definite no. Nothing has changed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** @throws Refusal with `Error: <text>` unless the condition holds */
export function refuseUnless(condition: unknown, text: string): asserts condition {
  if (!condition) throw new Refusal(`Error: ${text}`);
}

export function unchanged<V>(value: V): Done<V> {
  return { value, changed: [] };
}
