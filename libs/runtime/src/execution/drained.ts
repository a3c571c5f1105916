/** Turns of which one lets the process do something else: a long history is not replayed in one go. */
const TURNS_IN_ONE_GO = 64;

/**
 * Resolves when the handler has done all that it can do with what it has got (X1): a tick comes when no microtask
 * is left.
 *
 * @param turn - of its execution, from 1
 */
export const drained = (turn: number): Promise<false> =>
  new Promise((resolve) => {
    if (turn % TURNS_IN_ONE_GO === 0) setImmediate(resolve, false);
    else process.nextTick(resolve, false);
  });
