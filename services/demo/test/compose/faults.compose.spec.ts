import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Container, eventually } from '@lockstep/testing';
import { describeInContainers, Installation } from './installation.js';
import { Load, NONE } from './load.js';

/** A lease is 10 s: nothing that was held is still held after this. */
const PAST_A_LEASE_MS = 12_000;
const RESTARTED_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 250;

describeInContainers('G3 G4 G5 G6: under load, nothing is lost and nothing doubled', () => {
  let installation: Installation;
  let load: Load;

  beforeAll(async () => {
    installation = await Installation.current();
  });
  beforeEach(async () => {
    await installation.project.ready();
    load = Load.begin(installation);
    await load.goesOn();
  });

  /** Kills what runs in a container, and waits until the engine has started it again. */
  async function crash(container: Container): Promise<void> {
    const { startedAt } = await container.state();
    await container.crash();
    await eventually(async () => (await container.state()).startedAt !== startedAt, {
      what: `${container.name} is started again`,
      timeoutMs: RESTARTED_WITHIN_MS,
      everyMs: LOOK_EVERY_MS,
    });
    await installation.project.ready(container.service);
  }

  it.each(['orders', 'supervisor', 'projector', 'gateway', 'redis'])(
    'when a process of %s crashes',
    async (service) => {
      await crash(await installation.project.container(service));
      await load.goesOn();
      expect(await load.damage()).toEqual(NONE);
    },
  );

  it('when a worker is frozen past its lease and wakes', async () => {
    const payments = await installation.project.container('payments');
    const frozenAtMs = performance.now();
    await payments.pause();
    await eventually(() => performance.now() - frozenAtMs > PAST_A_LEASE_MS, {
      what: 'its lease is over',
      timeoutMs: 2 * PAST_A_LEASE_MS,
      everyMs: LOOK_EVERY_MS,
    });
    await payments.unpause();
    await load.goesOn();
    expect(await load.damage()).toEqual(NONE);
  });

  it('when a worker is cut off from the network and comes back', async () => {
    const { project } = installation;
    const profile = await project.container('profile');
    await profile.disconnect(project.network('internal'));
    await eventually(async () => (await profile.state()).health === 'unhealthy', {
      what: 'it knows that it cannot work',
      timeoutMs: RESTARTED_WITHIN_MS,
      everyMs: LOOK_EVERY_MS,
    });
    await profile.connect(project.network('internal'));
    await project.ready('profile');
    await load.goesOn();
    expect(await load.damage()).toEqual(NONE);
  });
});
