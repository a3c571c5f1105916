import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkflowId } from '@lockstep/kernel';
import { isFullRun, type ServiceProcess } from '@lockstep/testing';
import { expectOneHistory } from './history.js';
import { Stage } from './stage.js';
import { nap, round, walk } from './team/contracts.js';

const LOAD = isFullRun ? 10 : 1;
jest.setTimeout(isFullRun ? 300_000 : 90_000);

let stage: Stage;
let doomed: ServiceProcess;
let frozen: ServiceProcess;

beforeAll(async () => {
  stage = await Stage.set();
  const lease = { LOCKSTEP_PROJECTOR_LEASE_MS: '1000' };
  const projectors = [stage.projector(lease), stage.projector(lease)];
  const agents = [stage.lead(), stage.lead(), stage.helper(), stage.helper()];
  const team = await Promise.all([
    ...[...agents, ...projectors],
    ...[stage.supervisor(), stage.supervisor()],
  ]);
  [doomed, frozen] = [team[0]!, team[4]!];
});
afterAll(() => stage[Symbol.asyncDispose]());

const names = (what: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${what}-${n + 1}`);

describe('two supervisors and two projectors', () => {
  it('G3 G6 G8: under load, fire and reap everything once, and write each view as its log folds', async () => {
    const held = names('held', 10).map((name) => stage.world.hold(`steps/${name}/second`));
    const walks = await begin(walk, 'held', 10);
    await Promise.all(held.map((gate) => gate.reached()));
    const naps = await begin(nap, 'nap', 20 * LOAD);
    const rounds = await begin(round, 'round', 40 * LOAD);
    await stage.watched(doomed);

    frozen.signal('SIGSTOP');
    await doomed.kill();
    for (const gate of held) gate.open();
    for (const wf of walks) await stage.completed(wf);
    const more = await begin(round, 'more', 20 * LOAD);
    for (const wf of rounds) await stage.viewed(await ended(wf));
    frozen.signal('SIGCONT');

    for (const wf of [...walks, ...naps, ...rounds, ...more]) {
      await stage.viewed(await ended(wf));
      expectOneHistory(await stage.events(wf));
      await expectReapedOnce(wf);
    }
    expect([...stage.world.payments].sort()).toEqual(
      [...names('round', 40 * LOAD), ...names('more', 20 * LOAD)].sort(),
    );
    await stage.until('it has its share again', async () => (await partitions(frozen)) === 4);
  });

  const begin = (
    workflow: Parameters<Stage['begin']>[0],
    what: string,
    count: number,
  ): Promise<WorkflowId[]> =>
    Promise.all(names(what, count).map((name) => stage.begin(workflow, name)));

  async function ended(wf: WorkflowId): Promise<WorkflowId> {
    await stage.completed(wf);
    return wf;
  }

  /** Each claim that was taken back, once; only the killed process lost any. */
  async function expectReapedOnce(wf: WorkflowId): Promise<void> {
    const expired = await stage.eventsOf(wf, 'LeaseExpired');
    const claims = expired.map(({ task, epoch }) => `${task} ${epoch}`);
    expect(claims).toEqual([...new Set(claims)]);
    const by = expired.map(({ meta }) => meta.worker.split('-').at(-2));
    expect(by).toEqual(by.map(() => String(doomed.pid)));
  }

  const partitions = (projector: ServiceProcess): Promise<number> =>
    projector.metric('lockstep_projector_partitions');
});
