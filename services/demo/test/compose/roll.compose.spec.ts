import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ComposeProject, docker } from '@lockstep/testing';
import { derivedImage } from './derived-image.js';
import { describeInContainers, Installation } from './installation.js';
import { Load, NONE } from './load.js';

const NEXT = 'test-next';

/** A request with a newer contract, as `task(…, { version: 2, upcast: { 1: … } })` declares it. */
const newerContract = {
  file: '/app/libs/retail/dist/contracts/orders.js',
  from: "toolTask('get_order_details')",
  to: "{ ...toolTask('get_order_details'), version: 2, requestVersion: 2, upcast: { 1: (old) => old }, upcastResult: { 1: (old) => old } }",
};

describeInContainers('G3 G4 G5 G6: under load, nothing is lost and nothing doubled while', () => {
  let installation: Installation;
  let project: ComposeProject;

  beforeAll(async () => {
    installation = await Installation.current();
    project = installation.project;
    await project.ready();
  });
  afterAll(async () => {
    await project.up();
    await project.ready();
  });

  const under = (variables: Readonly<Record<string, string>>) => project.with({ variables });

  it('a role, and then its caller, goes to a newer contract and back', async () => {
    await derivedImage('lockstep/orders:test', `lockstep/orders:${NEXT}`, newerContract);
    await derivedImage('lockstep/concierge:test', `lockstep/concierge:${NEXT}`, newerContract);
    const load = Load.begin(installation);
    await load.goesOn();

    await under({ ORDERS_VERSION: NEXT }).scale('orders', 2); // old and new side by side
    await project.ready('orders');
    const images = (await project.containers('orders')).map(({ id }) => id);
    const running = await docker(['inspect', '--format', '{{.Config.Image}}', ...images]);
    expect(running.trim().split('\n').sort()).toEqual([
      'lockstep/orders:test',
      `lockstep/orders:${NEXT}`,
    ]);
    await load.goesOn();
    await installation.deployed(['orders'], { ORDERS_VERSION: NEXT });

    await under({ CONCIERGE_VERSION: NEXT }).scale('concierge', 2);
    await project.ready('concierge');
    await load.goesOn();
    await installation.deployed(['concierge'], { CONCIERGE_VERSION: NEXT });
    await load.goesOn();
    await installation.deployed(['concierge'], {}); // back: the writer first
    expect(await load.damage()).toEqual(NONE);

    const after = Load.begin(installation); // nobody is asked in the newer version any more
    await after.goesOn();
    await installation.deployed(['orders'], {});
    await after.goesOn();
    expect(await after.damage()).toEqual(NONE);
  });
});
