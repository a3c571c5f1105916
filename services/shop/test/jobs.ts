import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChangedRecord, RetailDatabase, ToolName } from '@lockstep/retail/shop';

/** The project's own jobs. */
export const SAMPLE = join(import.meta.dirname, '../../demo/sample');

/** 576 jobs of a public benchmark, where they lie beside the project. */
const TAU_RETAIL = join(import.meta.dirname, '../../../../shared/data/tau-retail');

export interface Job {
  id: string;
  actions: { name: ToolName; arguments: object }[];
}

export interface Expectation {
  id: string;
  digest: string;
  writes: number;
  failedWrites: number;
  results: { ok: boolean; error?: string; out: string; changed: string[]; state: string }[];
  changed: ChangedRecord[];
}

/** A folder of jobs in the shape of tau-retail. */
export function readJobs(folder: string) {
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  return {
    initial: {
      users: read('users'),
      orders: read('orders'),
      products: read('products'),
    } as RetailDatabase,
    jobs: read('tasks') as Job[],
    expected: new Map((read('expected') as Expectation[]).map((entry) => [entry.id, entry])),
  };
}

/** Whether the larger data set lies beside the project. */
export const hasTauRetail = existsSync(TAU_RETAIL);

export function jobFolders() {
  const sample = { name: 'the sample', folder: SAMPLE };
  return hasTauRetail ? [sample, { name: 'tau-retail', folder: TAU_RETAIL }] : [sample];
}
