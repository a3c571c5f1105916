import type { Store } from '@lockstep/store';
import { Targets } from '../src/targets/targets.js';

const quiet = (): void => undefined;

/** The targets of a process that tells nobody of them. */
export const openTargets = ({ targets: store }: Store, places = 100): Targets =>
  new Targets({
    store,
    places,
    logger: { warn: quiet },
    events: { asked: quiet, reported: quiet },
  });
