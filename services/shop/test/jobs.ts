import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';
import type { ChangedRecord, RetailDatabase, ToolName } from '@lockstep/retail/shop';

/** The larger data set, where it lies beside the project. */
export const TAU_RETAIL = join(import.meta.dirname, '../../../../shared/data/tau-retail');

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

/** Describes what holds for tau-retail; skipped, saying so, where the data is absent. */
export function describeTauRetail(what: string, tests: () => void): void {
  if (existsSync(TAU_RETAIL)) describe(what, tests);
  else
    describe(what, () => {
      it.skip(`needs the data set at ${TAU_RETAIL}`, () => undefined);
    });
}
