import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { evolveView, initialView, type TaskState, viewJson, parseView } from '@lockstep/kernel';
import { HeadReader } from '@lockstep/store';
import fc from 'fast-check';
import { AnyHistory, MOVES } from './any-history.js';
import { Stage } from './stage.js';

jest.setTimeout(120_000);

/** What the log tells of a task that its head has in this state. A woken task has no event of its own yet. */
const SHOWN: Readonly<Record<string, readonly TaskState[]>> = {
  queued: ['Idle', 'AwaitingInput'],
  running: ['Processing'],
  waiting: ['AwaitingInput'],
  parked: ['AwaitingInput'],
  completed: ['Completed'],
  failed: ['Failed'],
  cancelled: ['Failed'],
};

describe('a view and the head of its workflow', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it('G8: tell the same of status and tasks, whatever was done to the workflow', async () => {
    const heads = new HeadReader(stage.redis, stage.partitions);
    const moves = fc.array(fc.tuple(fc.constantFrom(...MOVES), fc.nat(3)), {
      maxLength: 40,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(moves, async (all) => {
        const history = new AnyHistory(stage.store, stage.redis, await stage.start());
        let view = initialView(history.wf);
        for (const [move, choice] of all) {
          await history.move(move, choice);
          const news = await stage.log.all(history.wf, view.version + 1);
          view = evolveView(parseView(viewJson(view))!, news);
          const head = (await heads.read(history.wf))!;
          expect(view).toMatchObject({ status: head.status, version: head.version, defect: null });
          const tasks = await history.tasks();
          expect(view.tasks).toHaveLength(tasks.size);
          for (const { id, state } of view.tasks) {
            expect(SHOWN[tasks.get(id)!.state]).toContain(state);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
