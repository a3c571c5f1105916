import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { it } from '@jest/globals';

/** 576 jobs of a public benchmark, where they lie beside the project. */
export const TAU_RETAIL = join(import.meta.dirname, '../../../../shared/data/tau-retail');

type Test = () => Promise<void>;

/** As `it`; without the jobs of tau-retail it is skipped under a name that says so. */
export function itWithTauRetail(name: string, test: Test, timeoutMs: number): void {
  if (existsSync(TAU_RETAIL)) it(name, test, timeoutMs);
  else it.skip(`${name} (skipped: there is no ../shared/data/tau-retail)`, test, timeoutMs);
}
