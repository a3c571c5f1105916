// A target that the tasks of a team go to.

import type { RecordedEvent, WorkflowId } from '@lockstep/kernel';
import { eventually } from '@lockstep/testing';
import { systemClock } from '../../src/execution/clock.js';
import { target, type Target, type TargetOptions } from '../../src/targets/target.js';
import { openTargets } from '../open-targets.js';
import type { Team } from '../team.js';

/** Open for so long that work does not wait in its place. */
export const SLOW = { windowMs: 60_000, minimum: 2, failureRate: 0.5, openMs: 60_000, probes: 1 };

let banks = 0;
let commands = 0;

/** Another one for each test: what it is to others says nothing of it. */
export const bankOf = (options: TargetOptions = { breaker: SLOW }): Target =>
  target(`bank-${(banks += 1)}`, options);

/** Has a team know of no work and of no target. */
export async function clear(team: Team): Promise<void> {
  await team.redis.flushall();
  team.handlers.clear();
  team.targets = openTargets(team.store);
  team.clock = systemClock;
}

/** As a person does. */
export const force = ({ store }: Team, bank: Target, state: 'open' | 'closed'): Promise<unknown> =>
  store.targets.force(bank.name, {
    ...{ commandId: `c-${(commands += 1)}`, state, by: 'ann', reason: 'said so' },
  });

/** What a workflow was told when it was to wait for its target. */
export const deferralsOf = async (
  team: Team,
  wf: WorkflowId,
): Promise<RecordedEvent<'AttemptDeferred'>['meta'][]> =>
  (await team.eventsOf(wf, 'AttemptDeferred')).map(({ meta }) => meta);

export const permitsOut = ({ redis }: Team, bank: Target): Promise<number> =>
  redis.zcard(`ls:{b:${bank.name}}:permits`);

export const noPermitIsOut = (team: Team, bank: Target): Promise<unknown> =>
  eventually(async () => (await permitsOut(team, bank)) === 0, { what: 'no permit is out' });
