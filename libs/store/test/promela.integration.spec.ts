// The checked models of the protocol: docs/reference/model.md says what they leave out.

import { describe, expect, it } from '@jest/globals';
import { isFullRun } from '@lockstep/testing';
import { MODELS } from './promela/models.js';
import { canSearch, search } from './promela/spin.js';

const LONGEST_MS = isFullRun ? 3_600_000 : 900_000;

const mutations = MODELS.flatMap(({ file, short, mutations }) =>
  Object.entries(mutations).map(([name, caughtBy]) => ({ file, short, name, caughtBy })),
);

/** Named, so that a run without the tools says what it has not shown. */
const describeSearch = canSearch() ? describe : describe.skip;

describeSearch('every state of a model (needs spin and gcc)', () => {
  it.concurrent.each(MODELS)(
    'G2 G4 G5 G6: keeps its guarantees, and comes to each of its lines: $file $short',
    async ({ file, short, full, unreached }) => {
      const found = await search(file, 'safety', isFullRun ? full : short);
      expect(found.violated).toBeNull();
      if (unreached) expect(unreached).toEqual(expect.arrayContaining([...found.unreached]));
    },
    LONGEST_MS,
  );

  it.concurrent.each(MODELS)(
    'G6: comes to an end in every fair run: $file $fair',
    async ({ file, fair }) => {
      expect(await search(file, 'fair', fair)).toMatchObject({ violated: null });
    },
    LONGEST_MS,
  );

  it.concurrent.each(mutations)(
    '$caughtBy is violated by $name in $file',
    async ({ file, short, name, caughtBy }) => {
      const found = await search(file, 'broken', { ...short, [`MUTATION_${name}`]: '' });
      expect(found.violated).toBe(caughtBy);
    },
    LONGEST_MS,
  );
});
