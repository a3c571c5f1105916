// The models, how far each is searched, and what each mutation of it breaks.

import type { Defines } from './spin.js';

export interface Model {
  readonly file: string;
  /** Every state with its assertions, in each run of the tests. */
  readonly short: Defines;
  /** The same with more faults, in a long run. */
  readonly full: Defines;
  /** Every fair run, for the LTL formula. */
  readonly fair: Defines;
  /** What is broken, and the assertion that is then violated. */
  readonly mutations: Readonly<Record<string, string>>;
}

const tasks: Model = {
  file: 'tasks.pml',
  short: { FAULTS: 2 },
  full: { FAULTS: 3 },
  fair: { FAULTS: 1 },
  mutations: {
    ACKNOWLEDGE_WHEN_READ: 'G6_nothing_lost',
    APPEND_AFTER_RELEASE: 'G2_one_writer',
    APPEND_OUT_OF_ORDER: 'G4_recorded_once',
    APPEND_UNFENCED: 'G2_one_writer',
    APPEND_UNNUMBERED: 'G4_recorded_once',
    CALL_WITHOUT_MESSAGE: 'G6_nothing_lost',
    CLAIM_ANY_DISPATCH: 'G4_recorded_once',
    CLAIM_BY_UNREGISTERED: 'S5_held_by_registered',
    CLAIM_IS_THE_WORKER: 'G4_recorded_once',
    CLAIM_RUNNING: 'S4_one_dispatch',
    FINISH_TELLS_NOBODY: 'G6_nothing_lost',
    GIVE_UP_WITH_TASKS: 'S5_held_by_registered',
    HEARTBEAT_ANY_BEAT: 'S6_own_claims_are_listed',
    HEARTBEAT_TAKES_NOTHING_BACK: 'G6_nothing_lost',
    SIGNAL_TWICE: 'G4_recorded_once',
    SUSPEND_ASLEEP: 'G6_nothing_lost',
    SUSPEND_DEAF: 'G6_nothing_lost',
  },
};

export const MODELS: readonly Model[] = [tasks];
