import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import { eventually } from '@lockstep/testing';
import type { TaskContext } from '../src/context/task-context.js';
import { systemClock } from '../src/execution/clock.js';
import { ExecutionRunner } from '../src/execution/runner.js';
import type { TaskRunner } from '../src/worker/claimed-task.js';
import { Bench, crew } from './bench.js';
import { openTargets } from './open-targets.js';
import { UNCOUNTED } from './uncounted.js';

jest.setTimeout(120_000);

const CHILDREN = 1000;

let bench: Bench;

beforeAll(async () => {
  bench = await Bench.start();
});
afterEach(() => bench.clear());
afterAll(() => bench.stop());

const quiet = (): void => undefined;

/** Runs `crew.run` as one that calls a thousand tasks, and `crew.fresh` as one that has nothing to do. */
const runner = (): TaskRunner['run'] => {
  const { store, log } = bench;
  const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const ports = { store, log, targets: openTargets(store), clock: systemClock, logger };
  const limits = { graceMs: 1000, maxHops: 256 };
  const execution = new ExecutionRunner({
    ...ports,
    ...limits,
    effects: new Map(),
    events: UNCOUNTED,
  });
  return (claimed, handler) =>
    execution.run(claimed, {
      ...handler,
      invoke: (_, task) => (handler.contract.name === 'run' ? manyOf(task) : Promise.resolve()),
    });
};

async function manyOf(task: TaskContext): Promise<void> {
  await task.all(Array.from({ length: CHILDREN }, () => task.call(crew.fresh, undefined)));
}

/** A workflow of one task, in the partition of another. */
async function beside(other: WorkflowId): Promise<WorkflowId> {
  const { partitions } = bench.store;
  for (;;) {
    const [wf] = await bench.begin(1, 'fresh');
    if (partitions.of(wf!) === partitions.of(other)) return wf!;
  }
}

const scheduled = (wf: WorkflowId) =>
  eventually(async () => (await bench.events(wf, 'TaskScheduled')) === CHILDREN, {
    what: 'the thousand are scheduled',
    timeoutMs: 30_000,
  });

const completed = (wf: WorkflowId) =>
  eventually(async () => (await bench.status(wf)) === 'completed', {
    what: `${wf} completes`,
    timeoutMs: 60_000,
  });

describe('the thousand children of one workflow', () => {
  it.each([1, 8])(
    'G6: do not stand before the one task of another, with %d places; both end',
    async (concurrency) => {
      const [wide] = await bench.begin(1, 'run');
      const first = await bench.member({ concurrency: 1, tasks: [crew.run], run: runner() });
      await scheduled(wide!);
      await first.worker.stop();
      const small = await beside(wide!);

      const tasks = [crew.run, crew.fresh];
      const member = await bench.member({ concurrency, tasks, run: runner() });
      await completed(small);
      await completed(wide!);
      const order = member.claimed.map(({ wf }) => wf);
      expect(order.filter((wf) => wf === wide)).toHaveLength(CHILDREN + 1);
      expect(order.indexOf(small)).toBeLessThan(150);
    },
  );
});
