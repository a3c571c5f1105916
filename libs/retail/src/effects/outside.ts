import { setTimeout as wait } from 'node:timers/promises';
import { type EffectIo, NotPerformed, Rejected } from '@lockstep/runtime';
import type { Answer } from '../shop/answers.js';
import { BadShopRequest, ShopUnavailable } from '../shop/errors.js';

/** The outside world acts on a request within this time of its arrival, or never; a margin included. */
const ACTS_WITHIN_MS = 1_100;

/** A call that acts is given up after this time: until then its request may leave a slow process. */
const GIVEN_UP_AFTER_MS = 1_000;

/**
 * An attempt outlasts both times, one after the other, so that a look-up after it is definite. All are short:
 * whoever takes an effect over from a dead process waits for timeout and window.
 */
export const EFFECT_TIMES = {
  timeout: GIVEN_UP_AFTER_MS + ACTS_WITHIN_MS + 150,
  window: '500ms',
} as const;

/** The outside world's failures pass: every attempt that a policy may have. */
export const PATIENT = { attempts: 5 } as const;

/** Longest wait for a call that changes nothing. */
export const READ_TIMEOUT = '4s';

/**
 * Makes a call that acts, and says what is certain when it fails. What is in doubt is told only when a
 * look-up is definite: the request may have left at the last moment.
 *
 * @param io - of the effect; the call gets it with a signal that gives it up in time
 * @throws NotPerformed when nothing happened, Rejected when the request can never be accepted;
 * any other error leaves it in doubt
 */
export async function acting<Value>(
  io: EffectIo,
  call: (io: EffectIo) => Promise<Value>,
): Promise<Value> {
  const signal = AbortSignal.any([io.signal, AbortSignal.timeout(GIVEN_UP_AFTER_MS)]);
  try {
    return await call({ ...io, signal });
  } catch (error) {
    if (error instanceof Rejected) throw error;
    if (error instanceof BadShopRequest) throw new Rejected(error.message, {}, { cause: error });
    if (error instanceof ShopUnavailable) {
      throw new NotPerformed(error.message, undefined, { cause: error });
    }
    await wait(ACTS_WITHIN_MS);
    throw error;
  }
}

/** The value of an answer. @throws Rejected with the shop's text when it is a definite no */
export function accepted<Value>(answer: Answer<Value>): Value {
  if (!answer.ok) throw new Rejected(answer.error);
  return answer.value;
}
