import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type ComposeProject, docker } from '@lockstep/testing';
import { derivedImage } from './derived-image.js';
import { describeInContainers, Installation } from './installation.js';
import { Load, NONE } from './load.js';

const NEXT = 'test-next';
const LIBRARY = 'test-library';

/** A request with a newer contract, as `task(…, { version: 2, upcast: { 1: … } })` declares it. */
const newerContract = {
  file: '/app/libs/retail/dist/contracts/orders.js',
  from: "toolTask('get_order_details')",
  to: "{ ...toolTask('get_order_details'), version: 2, requestVersion: 2, upcast: { 1: (old) => old }, upcastResult: { 1: (old) => old } }",
};

/** The same library under the next number, as a release brings it whose functions do something else. */
const newerLibrary = {
  file: '/app/libs/store/dist/library.js',
  from: 'PROTOCOL = 1;',
  to: 'PROTOCOL = 2;',
};

/** In each, some of those that work together: while one half has gone on, the two differ. */
const HALVES = [
  ['supervisor', 'concierge', 'payments', 'notifier'],
  ['gateway', 'projector', 'orders', 'profile', 'catalog'],
];

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

  async function deployed(
    services: readonly string[],
    variables: Readonly<Record<string, string>>,
  ): Promise<void> {
    await under(variables).deploy(...services);
    await project.ready(...services);
  }

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
    await deployed(['orders'], { ORDERS_VERSION: NEXT });

    await under({ CONCIERGE_VERSION: NEXT }).scale('concierge', 2);
    await project.ready('concierge');
    await load.goesOn();
    await deployed(['concierge'], { CONCIERGE_VERSION: NEXT });
    await load.goesOn();
    await deployed(['concierge'], {}); // back: the writer first
    expect(await load.damage()).toEqual(NONE);

    const after = Load.begin(installation); // nobody is asked in the newer version any more
    await after.goesOn();
    await deployed(['orders'], {});
    await after.goesOn();
    expect(await after.damage()).toEqual(NONE);
  });

  it('every service goes to another Function library and back', async () => {
    for (const service of HALVES.flat()) {
      const image = `lockstep/${service}`;
      await derivedImage(`${image}:test`, `${image}:${LIBRARY}`, newerLibrary);
    }
    const load = Load.begin(installation);
    for (const half of HALVES) {
      await load.goesOn();
      await deployed(half, { LOCKSTEP_VERSION: LIBRARY });
    }
    for (const half of HALVES) {
      await load.goesOn();
      await deployed(half, {});
    }
    await load.goesOn();
    expect(await load.damage()).toEqual(NONE);
  });
});
