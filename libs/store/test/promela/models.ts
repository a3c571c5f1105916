// The models, how far each is searched, and what each mutation of it breaks.

import type { Defines } from './spin.js';

export interface Model {
  readonly file: string;
  /** Every state with its assertions, in each run of the tests. */
  readonly short: Defines;
  /** In a long run: with more faults, where that comes to an end. */
  readonly full: Defines;
  /** What the short search does not come to; default: it is not looked at, as another search of the file does. */
  readonly unreached?: readonly string[];
  /** Every fair run, for the LTL formula. */
  readonly fair: Defines;
  /** What is broken, and the assertion that is then violated. */
  readonly mutations: Readonly<Record<string, string>>;
}

const tasks: Model = {
  file: 'tasks.pml',
  short: { FAULTS: 2 },
  // Three were not searched to their end within minutes.
  full: { FAULTS: 2 },
  unreached: [],
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

const ACT_AND_ASK = 'E2_free_is_not_done';

/** One task, and more faults than both could be searched with. */
const oneEffect: Model = {
  file: 'effects.pml',
  short: { ALONE: '', FAULTS: 2 },
  full: { ALONE: '', FAULTS: 3 },
  fair: { ALONE: '', FAULTS: 1 },
  mutations: {
    ACT_LATE: ACT_AND_ASK,
    ACT_BY_MONOTONIC: ACT_AND_ASK,
    ACT_BY_WALL: ACT_AND_ASK,
    APPEND_AFTER_RELEASE: ACT_AND_ASK,
    ASK_AT_ONCE: ACT_AND_ASK,
    CLAIM_ANY_DISPATCH: ACT_AND_ASK,
    FREE_ON_ERROR: ACT_AND_ASK,
    FREEZE_AT_SOCKET: ACT_AND_ASK,
    RELEASE_OUT_OF_ORDER: ACT_AND_ASK,
    REPEAT_BLINDLY: ACT_AND_ASK,
    RESERVE_BY_OLDER: ACT_AND_ASK,
    RESERVE_UNDONE: 'E1_undone_is_let_be',
    UNKNOWN_IS_NO: ACT_AND_ASK,
    WAIT_TOO_SHORT: ACT_AND_ASK,
  },
};

/** What is not reached takes two faults, or one task. */
const twoEffects: Model = {
  file: 'effects.pml',
  short: { FAULTS: 1 },
  full: { FAULTS: 1 },
  unreached: [
    ':: (me.answer == none || me.answer == not_performed) && me.repeats -> me.at = repeating',
    ':: provider == can_be_asked && fault; me.at = parking              /* the probe cannot say */',
    'HOLDS(G5_one_receipt, task[me.job].claimId != me.claimId || task[me.job].state != running);',
    ':: else -> task[each].state = completed',
    ':: entry == compensated && owner == t -> answered = is_fenced',
  ],
  fair: { FAULTS: 0 },
  mutations: { RESERVE_HELD: 'G5_one_receipt' },
};

const rollback: Model = {
  file: 'rollback.pml',
  short: { FAULTS: 1 },
  full: { FAULTS: 1 },
  unreached: [],
  fair: { FAULTS: 0 },
  mutations: {
    COMPENSATE_ANY_OCCURRENCE: 'E1_only_forward',
    COMPENSATE_BACK: 'E1_only_forward',
    END_TWICE: 'G6_waiting_is_counted',
    FENCE_DROPS_EFFECTS: 'G6_nothing_escapes',
    FENCE_LEAVES_RUNNING: 'G2_fenced',
    ORDER_BY_CALL: 'G5_reverse_order',
    SEND_ON_REOPENS: 'G6_ended_stays_ended',
    SETTLED_GOES_ON: 'G2_fenced',
    SETTLED_STANDS_UNMARKED: 'G6_nothing_escapes',
    SETTLED_TELLS_NOBODY: 'G6_nothing_lost',
    SURVEYED_BEFORE: 'G6_nothing_escapes',
    UNDONE_STANDS: 'G5_undone_once',
    UNDO_BEFORE_SETTLED: 'G6_nothing_escapes',
    UNDO_UNCLOSED: 'E1_closed_before_undone',
  },
};

export const MODELS: readonly Model[] = [tasks, oneEffect, twoEffects, rollback];
