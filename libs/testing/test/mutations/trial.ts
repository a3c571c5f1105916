// Tries mutations, several at a time, each in a copy of the sources where nothing else is changed.

import type { Mutation } from './mutation.js';
import { runTests, type Ran } from './named-tests.js';
import { SourceCopy } from './source-copy.js';

/** Copies at work side by side; each runs one test at a time. */
const LANES = 2;

/** Why a mutation is not seen by its test; null when it is. */
export type Verdict = string | null;

/** @returns the verdict of each mutation, in their order */
export async function tryAll(mutations: readonly Mutation[]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  const todo = mutations.entries();
  const lanes = Array.from({ length: LANES }, async () => {
    await using copy = await SourceCopy.make();
    for (const [at, mutation] of todo) verdicts[at] = await tryOne(copy, mutation);
  });
  await Promise.all(lanes);
  return verdicts;
}

/** Runs the tests of all mutations in a copy that has none. @returns what those said that failed */
export async function tryWithout(mutations: readonly Mutation[]): Promise<readonly string[]> {
  await using copy = await SourceCopy.make();
  if (mutations.some(({ slow }) => slow)) await copy.build();
  const { failures } = await runTests(
    copy.root,
    mutations.map(({ test }) => test),
  );
  return failures;
}

async function tryOne(copy: SourceCopy, mutation: Mutation): Promise<Verdict> {
  try {
    await copy.mutate(mutation);
    if (mutation.slow) await copy.build();
    return verdictOf(mutation, await runTests(copy.root, [mutation.test]));
  } catch (error) {
    return String(error);
  } finally {
    await copy.restore(mutation);
  }
}

function verdictOf(mutation: Mutation, { count, failures }: Ran): Verdict {
  if (count === 0) return 'there is no such test';
  if (failures.length === 0) return 'it stayed green';
  const wrong = failures.find((failure) => !isJudgement(failure, mutation));
  return wrong === undefined ? null : `it failed for another reason: ${wrong}`;
}

/** The test came to what it judges by, and was not kept from it by, say, a text that cannot be compiled. */
const isJudgement = (failure: string, { says }: Mutation): boolean =>
  says === undefined ? /expect\(|not within \d+ ms/.test(failure) : failure.includes(says);
