import { LockstepError } from '@lockstep/contracts';
import type { Clock } from './clock.js';

const FIRST_CEILING_MS = 100;
const LAST_CEILING_MS = 2000;

/**
 * Calls a function of the store until it answers: it may be restarting, and each is safe to repeat (S12).
 *
 * @throws a LockstepError that another call cannot help, or the reason why `lost` was aborted
 */
export async function repeatUntilAnswered<T>(
  call: () => Promise<T>,
  clock: Clock,
  lost: AbortSignal,
): Promise<T> {
  for (let ceilingMs = FIRST_CEILING_MS; ; ceilingMs = Math.min(2 * ceilingMs, LAST_CEILING_MS)) {
    lost.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      if (error instanceof LockstepError && error.kind !== 'transient') throw error;
      await clock.delay(clock.random() * ceilingMs, lost);
    }
  }
}
