import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { isFullRun } from '@lockstep/testing';

const WITHIN_MS = 300_000;

interface Outcome {
  readonly seed: number;
  readonly wrongs: readonly string[];
  /** Of the logs, byte for byte. */
  readonly digest: string;
  readonly messages: number;
}

interface Broken {
  /** Below `functions/` of the library. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

interface Wanted {
  readonly seed: number;
  readonly schedules: number;
  readonly broken?: Broken;
  readonly stopsWhenWrong?: boolean;
}

/** In the order of their seeds. */
async function outcomesOf(wanted: Wanted): Promise<readonly Outcome[]> {
  const script = join(import.meta.dirname, 'schedules.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [script, JSON.stringify(wanted)]);
  const outcomes = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Outcome);
  return outcomes.sort((a, b) => a.seed - b.seed);
}

/** Rules that are taken out of the library, and what is wrong then. */
const BROKEN: readonly (Broken & { readonly breaks: string; readonly says: RegExp })[] = [
  {
    breaks: 'a task sleeps through a result that has come',
    file: 'append.lua',
    find: 'if tonumber(task.wokenAt) > read_up_to then return true end',
    replace: '',
    says: /^it stands still/,
  },
  {
    breaks: 'a task that is held can be claimed',
    file: 'claim.lua',
    find: " or task.state ~= 'queued'",
    replace: '',
    says: /: G8: the log cannot be folded: task \S+ is Processing/,
  },
  {
    breaks: 'a rollback does not wait for effects that are open',
    file: 'shared/rollback.lua',
    find: 'if tonumber(task.intents) > 0 then',
    replace: 'if false then',
    says: /: missing: undo:|effect is reserved$/,
  },
  {
    breaks: 'what was called off goes on where an effect is open',
    file: 'shared/rollback.lua',
    find: "task.mode = 'settle'",
    replace: '',
    says: /: G6: \w+ of \S+ at version \d+, after it was cancelled$/,
  },
];

describe('schedules on virtual time', () => {
  it(
    'G1 G2 G3 G4 G5 G6: end as the oracle foretells, whatever befalls whom at which message',
    async () => {
      const outcomes = await outcomesOf({ seed: 1, schedules: isFullRun ? 5000 : 100 });
      expect(outcomes.filter(({ wrongs }) => wrongs.length > 0)).toEqual([]);
    },
    isFullRun ? 4 * WITHIN_MS : WITHIN_MS,
  );

  it(
    'are the same for a seed to the byte, alone and beside others',
    async () => {
      const together = await outcomesOf({ seed: 1, schedules: 12 });
      const alone = await outcomesOf({ seed: 7, schedules: 1 });
      expect(await outcomesOf({ seed: 1, schedules: 12 })).toEqual(together);
      expect(together).toContainEqual(alone[0]);
      expect(new Set(together.map(({ digest }) => digest)).size).toBe(12);
    },
    WITHIN_MS,
  );

  it.each(BROKEN)(
    'show within a hundred that $breaks',
    async ({ says, breaks: _, ...broken }) => {
      const outcomes = await outcomesOf({ seed: 1, schedules: 100, broken, stopsWhenWrong: true });
      expect(outcomes.flatMap(({ wrongs }) => wrongs)).toContainEqual(expect.stringMatching(says));
    },
    WITHIN_MS,
  );
});
