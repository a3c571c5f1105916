import { setTimeout as wait } from 'node:timers/promises';
import { NotPerformed, Rejected } from '@lockstep/runtime';
import type { Answer } from '../shop/answers.js';
import { BadShopRequest, ShopUnavailable } from '../shop/errors.js';

/** The outside world acts on a request within this time of its arrival, or never; a margin included. */
const ACTS_WITHIN_MS = 1_100;

/**
 * An attempt outlasts the time within which it may be acted on, so that a look-up after it is definite. Both
 * are short: whoever takes an effect over from a dead process waits for their sum.
 */
export const EFFECT_TIMES = { timeout: '1.5s', window: '500ms' } as const;

/** The outside world's failures pass: every attempt that a policy may have. */
export const PATIENT = { attempts: 5 } as const;

/** Longest wait for a call that changes nothing. */
export const READ_TIMEOUT = '2s';

/**
 * Makes a call that acts, and says what is certain when it fails. What is in doubt is told only when a
 * look-up is definite.
 *
 * @throws NotPerformed when nothing happened, Rejected when the request can never be accepted;
 * any other error leaves it in doubt
 */
export async function acting<Value>(call: () => Promise<Value>): Promise<Value> {
  const sentMs = performance.now();
  try {
    return await call();
  } catch (error) {
    if (error instanceof Rejected) throw error;
    if (error instanceof BadShopRequest) throw new Rejected(error.message, {}, { cause: error });
    if (error instanceof ShopUnavailable) {
      throw new NotPerformed(error.message, undefined, { cause: error });
    }
    await wait(Math.max(0, sentMs + ACTS_WITHIN_MS - performance.now()));
    throw error;
  }
}

/** The value of an answer. @throws Rejected with the shop's text when it is a definite no */
export function accepted<Value>(answer: Answer<Value>): Value {
  if (!answer.ok) throw new Rejected(answer.error);
  return answer.value;
}
