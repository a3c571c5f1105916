import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TaskContext } from '../src/context/task-context.js';
import { helper, lead, Team } from './team.js';

// Random programs of concurrent operations race each other; the program writes down the order in which its
// results came. A run that is killed and replayed at random places must write down one and the same order.

type Leaf = { readonly kind: 'step' | 'call'; readonly delayMs: number };
type Program =
  Leaf | { readonly kind: 'sequence' | 'all' | 'race'; readonly parts: readonly Program[] };

const { program } = fc.letrec<{ program: Program; leaf: Leaf }>((tie) => ({
  leaf: fc.record({
    kind: fc.constantFrom('step' as const, 'call' as const),
    delayMs: fc.integer({ min: 0, max: 4 }),
  }),
  program: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc.record({
      kind: fc.constantFrom('sequence' as const, 'all' as const, 'race' as const),
      parts: fc.array(tie('program'), { minLength: 1, maxLength: 4 }),
    }),
  ),
}));

let team: Team;
let orders: string[][] = [];
let killsLeft = 0;

beforeAll(async () => {
  team = await Team.start();
  team.on(helper.double, ({ n }) => Promise.resolve({ n }));
});
afterAll(() => team.stop());

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function execute(
  part: Program,
  path: string,
  task: TaskContext,
  order: string[],
): Promise<void> {
  if ('delayMs' in part) {
    const arrived = (): number => order.push(path);
    if (part.kind === 'call') await task.call(helper.double, { n: part.delayMs }).then(arrived);
    else await task.step(path, () => worked(part.delayMs)).then(arrived);
    return;
  }
  const begin = (child: Program, at: number): Promise<void> =>
    execute(child, `${path}.${at}`, task, order);
  if (part.kind === 'sequence') {
    for (const [at, child] of part.parts.entries()) await begin(child, at);
  } else {
    const running = part.parts.map(begin);
    await (part.kind === 'all' ? Promise.all(running) : Promise.race(running));
  }
  order.push(path);
}

async function worked(ms: number): Promise<string> {
  await pause(ms);
  if (killsLeft > 0 && ms % 2 === 0) {
    killsLeft -= 1;
    team.kill();
  }
  return 'done';
}

describe('replay', () => {
  it('G8: delivers results in the order of the log, however often a race is replayed', async () => {
    await fc.assert(
      fc.asyncProperty(program, fc.integer({ min: 0, max: 3 }), async (generated, kills) => {
        orders = [];
        killsLeft = kills;
        team.on(lead.run, async (_, task) => {
          const order: string[] = [];
          orders.push(order);
          await execute(generated, 'p', task, order);
          return { text: order.join(' ') };
        });
        const wf = await team.begin();
        for (let i = 0; i < 20 && (await team.status(wf)) === 'running'; i += 1) {
          await team.work();
          await team.reap();
        }
        expect(await team.status(wf)).toBe('completed');
        const complete = orders.at(-1)!;
        for (const order of orders) expect(complete.slice(0, order.length)).toEqual(order);
      }),
      { numRuns: 60 },
    );
  }, 60_000);
});
