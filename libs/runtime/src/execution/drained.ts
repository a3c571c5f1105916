/** Turns of which one lets the process do something else: a long history is not replayed in one go. */
const TURNS_IN_ONE_GO = 64;
let turns = 0;

/**
 * Resolves when the handler has done all that it can do with what it has got (X1): a tick comes when no microtask
 * is left.
 */
export const drained = (): Promise<false> =>
  new Promise((resolve) => {
    turns += 1;
    if (turns % TURNS_IN_ONE_GO === 0) setImmediate(resolve, false);
    else process.nextTick(resolve, false);
  });
