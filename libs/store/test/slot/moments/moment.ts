// A moment: what lies there before a call, and the call.

import type { Store } from '../../../src/index.js';
import type { Scene } from '../../support/scene.js';

/** The same call to the byte, however often it is made. */
export type Call = (store: Store) => Promise<unknown>;

/** The call; behind it, if it goes from one whole step to the next, what leads to each place where it may stop. */
export type Next = Call | readonly [Call, ...Call[]];

export interface Moment {
  readonly name: string;
  /** Brings about the history, and gives the call that comes next. */
  readonly prepare: (scene: Scene) => Promise<Next>;
  /** The keys whose ways may part; what else lies in the slot goes last. */
  readonly moves: RegExp;
}

/** Calls of one turn: the store sends them together, and each again by itself when it cannot work on all. */
export function together(first: Call, second: Call): Next {
  const both: Call = async (store) => {
    const made = await Promise.allSettled([first(store), second(store)]);
    const stopped = made.find((each) => each.status === 'rejected');
    if (stopped) throw stopped.reason;
    return made;
  };
  return [both, first, second];
}
