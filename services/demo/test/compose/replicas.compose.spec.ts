import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { describeInContainers, Installation } from './installation.js';
import { Load, NONE } from './load.js';

describeInContainers('the replicas of a role', () => {
  let installation: Installation;

  beforeAll(async () => {
    installation = await Installation.current();
  });
  afterEach(() => installation.project.scale('orders', 1));

  it('share its work: each of three does some', async () => {
    const { project } = installation;
    await project.scale('orders', 3);
    await project.ready('orders');
    const load = Load.of(60, installation);
    const workflows = await load.workflows();
    const workers = await Promise.all(workflows.map((id) => installation.workersOf(id, 'orders')));
    expect(new Set(workers.flat()).size).toBe(3);
    expect(await load.damage()).toEqual(NONE);
  });

  it('come and go under load, and one that goes hands back what it has', async () => {
    const { project } = installation;
    const load = Load.begin(installation);
    await load.goesOn();
    await project.scale('orders', 2);
    await project.ready('orders');
    await load.goesOn();
    const [first] = await project.containers('orders');
    await first!.stop();
    expect(await first!.state()).toMatchObject({ status: 'exited', exitCode: 0 });
    await load.goesOn();
    expect(await load.damage()).toEqual(NONE);
  });
});
