import { target } from '@lockstep/runtime';

/** The outside world's outages are short: whoever asks again after some seconds wastes little. */
const BREAKER = { windowMs: 30_000, minimum: 10, failureRate: 0.5, openMs: 5000, probes: 2 };

/** The bank, beside which a payments agent has the shop to attend to. */
export const BANK = target('bank', { breaker: BREAKER });

/** The mail: whoever sends it does nothing else, and may do so in all of its places. */
export const MAIL = target('mail', { breaker: BREAKER, share: 1 });
