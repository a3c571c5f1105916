import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { derivedImage } from './derived-image.js';
import { describeAtFullLength, Installation } from './installation.js';
import { Load, NONE } from './load.js';

const LIBRARY = 'test-library';

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

describeAtFullLength(
  'G3 G4 G5 G6: under load, nothing is lost and nothing doubled while (LOCKSTEP_TEST_FULL=1)',
  () => {
    let installation: Installation;

    beforeAll(async () => {
      installation = await Installation.current();
      await installation.project.ready();
    });
    afterAll(async () => {
      await installation.project.up();
      await installation.project.ready();
    });

    it('every service goes to another Function library and back', async () => {
      for (const service of HALVES.flat()) {
        const image = `lockstep/${service}`;
        await derivedImage(`${image}:test`, `${image}:${LIBRARY}`, newerLibrary);
      }
      const load = Load.begin(installation);
      for (const half of HALVES) {
        await load.goesOn();
        await installation.deployed(half, { LOCKSTEP_VERSION: LIBRARY });
      }
      for (const half of HALVES) {
        await load.goesOn();
        await installation.deployed(half, {});
      }
      await load.goesOn();
      expect(await load.damage()).toEqual(NONE);
    });
  },
);
