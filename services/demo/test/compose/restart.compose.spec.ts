import { expect, it } from '@jest/globals';
import { eventually } from '@lockstep/testing';
import { describeInContainers, Installation } from './installation.js';
import { Load, NONE } from './load.js';

const JOBS = 20;
const SUSPENDED_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 1000;

describeInContainers('an installation that is taken down and started again', () => {
  it('G6: goes on from its volumes with what was suspended', async () => {
    const installation = await Installation.current();
    const { project } = installation;
    await project.ready();
    await project.compose('stop', 'notifier'); // each job ends with a mail
    const load = Load.of(JOBS, installation, { inFlight: JOBS });
    await eventually(async () => (await installation.waitingForWorkers()) === JOBS, {
      what: 'every job waits for the mail',
      timeoutMs: SUSPENDED_WITHIN_MS,
      everyMs: LOOK_EVERY_MS,
    });
    await project.down({ volumes: false });
    await project.up();
    await project.ready();
    expect(await load.damage()).toEqual(NONE);
  });
});
