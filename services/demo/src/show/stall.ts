import { setTimeout as wait } from 'node:timers/promises';

const STALLED_AFTER_MS = 120_000;
const LOOK_EVERY_MS = 1_000;

/**
 * A signal that is aborted when a count has not changed for two minutes: work that stays still for so long
 * is a defect, which the table must show rather than a person find out.
 *
 * @param over - ends the watch
 */
export function stalled(count: () => number, over: AbortSignal): AbortSignal {
  const stall = new AbortController();
  void watch(count, over).then(() => {
    if (!over.aborted) stall.abort();
  });
  return stall.signal;
}

async function watch(count: () => number, over: AbortSignal): Promise<void> {
  let last = count();
  let sinceMs = performance.now();
  while (!over.aborted && performance.now() - sinceMs < STALLED_AFTER_MS) {
    await wait(LOOK_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
    if (count() === last) continue;
    last = count();
    sinceMs = performance.now();
  }
}
