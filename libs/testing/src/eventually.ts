import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks `attempt` again until it neither throws nor answers `false`, `null` or `undefined`.
 *
 * @param what - the condition in words, for the error
 * @param timeoutMs - how long to go on asking; default 10 s
 * @param everyMs - time between an answer and the next attempt; default 20 ms
 * @returns the first answer that holds
 * @throws Error naming `what`, with the last failure as its cause, when time is up
 */
export async function eventually<T>(
  attempt: () => T | Promise<T>,
  {
    what,
    timeoutMs = 10_000,
    everyMs = 20,
  }: { what: string; timeoutMs?: number; everyMs?: number },
): Promise<NonNullable<Exclude<T, false>>> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const outcome = await tried(attempt);
    if (outcome.holds) return outcome.value as NonNullable<Exclude<T, false>>;
    if (performance.now() > deadlineMs)
      throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause: outcome.cause });
    await pause(everyMs);
  }
}

type Outcome<T> = { holds: true; value: T } | { holds: false; cause: unknown };

async function tried<T>(attempt: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    const value = await attempt();
    const holds = value !== false && value !== null && value !== undefined;
    return holds ? { holds, value } : { holds, cause: `last answer: ${String(value)}` };
  } catch (cause) {
    return { holds: false, cause };
  }
}
