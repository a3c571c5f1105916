import { readJson } from './read-json.js';

/**
 * Jobs that share one database. `one-per-user`: one of each customer, a workflow each, all in flight
 * together. `all-in-order`: every job; a workflow for each customer does the customer's jobs in file order.
 */
export const SEQUENCES = ['one-per-user', 'all-in-order'] as const;
export type SequenceName = (typeof SEQUENCES)[number];

/** What the data tells of a sequence. */
export interface Sequence {
  readonly name: SequenceName;
  /** Ids of its jobs, in file order. */
  readonly tasks: readonly string[];
  /** Writes that the shop refuses when the jobs are done in that order. */
  readonly failedWrites: readonly FailedWrite[];
  /** Of the whole database in the end. */
  readonly digest: string;
}

export interface FailedWrite {
  /** Id of the job. */
  readonly task: string;
  /** Position among the job's actions; from 0. */
  readonly action: number;
  readonly error: string;
}

/** Reads a sequence of a data set. @throws Error when the set has none of that name */
export async function readSequence(folder: string, name: SequenceName): Promise<Sequence> {
  const file = 'sequences.json';
  const sequences = await readJson<Sequence[]>(folder, file);
  const found = sequences.find((sequence) => sequence.name === name);
  if (!found) throw new Error(`${folder}: ${file} has no sequence ${name}`);
  return found;
}
