import type { ChangedRecord, RetailDatabase, ToolName } from '@lockstep/retail/shop';
import { readJson } from './read-json.js';

/** A customer's job with the exact calls that solve it. */
export interface RecordedJob {
  readonly id: string;
  readonly userId: string;
  readonly actions: readonly { readonly name: ToolName; readonly arguments: object }[];
  /** Whether it is to be undone once a write of it is refused; default false: it goes on. */
  readonly allOrNothing?: boolean;
}

/** What the shop must look like after a job, and what each of its calls must have answered. */
export interface ExpectedJob {
  readonly id: string;
  /** Of the whole database. */
  readonly digest: string;
  readonly results: readonly ExpectedStep[];
  /** Records that differ from the initial database. */
  readonly changed: readonly ChangedRecord[];
}

export interface ExpectedResult {
  readonly ok: boolean;
  /** The refusal's exact text; absent when `ok`. */
  readonly error?: string;
  /** SHA-256 in hex of the answer's canonical JSON. */
  readonly out: string;
}

export interface ExpectedStep extends ExpectedResult {
  /** Digest of the whole database after it. */
  readonly state: string;
}

export interface Dataset {
  /** With `users.json`, `orders.json` and `products.json`: the initial database. */
  readonly folder: string;
  readonly jobs: readonly RecordedJob[];
  /** In the order of `jobs`. */
  readonly expected: readonly ExpectedJob[];
  readonly initial: RetailDatabase;
}

/**
 * Reads jobs, their expectations and the initial database.
 *
 * @throws Error when a file is missing or does not fit the others
 */
export async function readDataset(folder: string): Promise<Dataset> {
  const jobs = await readJson<RecordedJob[]>(folder, 'tasks.json');
  const expected = await readJson<ExpectedJob[]>(folder, 'expected.json');
  const misfit = jobs.findIndex(({ id }, at) => id !== expected[at]?.id);
  if (misfit >= 0) {
    throw new Error(`${folder}: expected.json does not tell of job ${jobs[misfit]?.id ?? ''}`);
  }
  return { folder, jobs, expected, initial: await readInitial(folder) };
}

async function readInitial(folder: string): Promise<RetailDatabase> {
  return {
    users: await readJson(folder, 'users.json'),
    orders: await readJson(folder, 'orders.json'),
    products: await readJson(folder, 'products.json'),
  };
}
