/** Whether tests that have a long variant run it, as `npm run test:full` asks; else they run a part. */
export const isFullRun = process.env['LOCKSTEP_TEST_FULL'] === '1';

/**
 * The seed of a test that draws its part: `LOCKSTEP_TEST_SEED`, else another one in each run. It is printed
 * with the test's name, so that a run can be repeated.
 *
 * @throws RangeError when the variable is not a whole number from 1 on
 */
export function seedOf(test: string): number {
  const given = process.env['LOCKSTEP_TEST_SEED'];
  const seed = given === undefined ? 1 + (Date.now() % 1_000_000) : Number(given);
  if (!Number.isSafeInteger(seed) || seed < 1) {
    throw new RangeError(`LOCKSTEP_TEST_SEED is ${given}: it must be a whole number from 1 on`);
  }
  process.stderr.write(`${test}: LOCKSTEP_TEST_SEED=${seed}\n`);
  return seed;
}
