// Runs tests by their names in a Jest of their own.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestName } from './mutation.js';

const execute = promisify(execFile);
/** Of tests that draw what they do: the same each time. */
const SEED = '7';

/** No test is waited for any longer: one that hangs is not red for the right reason. */
const LONGEST_MS = 600_000;

export interface Ran {
  /** Of the tests that were named: how many ran. */
  readonly count: number;
  /** What those said that failed. */
  readonly failures: readonly string[];
}

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** @param root - of the project's copy; everything that is written goes there */
export async function runTests(root: string, tests: readonly TestName[]): Promise<Ran> {
  const report = join(root, 'report.json');
  const files = [...new Set(tests.map(({ file }) => file))];
  const names = tests.map(({ name }) => escaped(name)).join('|');
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const args = ['--experimental-vm-modules', '--no-warnings', jest, ...files, '-t', names];
  const output = ['--json', `--outputFile=${report}`, `--cacheDirectory=${join(root, '.jest')}`];
  const seeds = { LOCKSTEP_TEST_SEED: SEED, LOCKSTEP_MODEL_SEED: SEED };
  const env = { ...process.env, ...seeds, LOCKSTEP_TEST_FULL: '' };
  const own = { cwd: root, env, timeout: LONGEST_MS };
  await rm(report, { force: true });
  try {
    await execute(process.execPath, [...args, ...output, '--runInBand', '--forceExit'], own);
  } catch (error) {
    // A red test ends Jest with a code of its own: the report tells more.
    if (!existsSync(report)) throw error;
  }
  return outcomeOf(JSON.parse(await readFile(report, 'utf8')) as Report, tests);
}

function outcomeOf({ testResults }: Report, tests: readonly TestName[]): Ran {
  const broken = testResults.filter((result) => result.assertionResults.length === 0);
  if (broken.length > 0) throw new Error(`could not be run: ${broken[0]!.message}`);
  const ran = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.filter(
      ({ title, status }) =>
        ['passed', 'failed'].includes(status) &&
        tests.some((test) => name.endsWith(test.file) && title.startsWith(test.name)),
    ),
  );
  return { count: ran.length, failures: ran.flatMap(({ failureMessages }) => failureMessages) };
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
