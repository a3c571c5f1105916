// A target that agents share admits a call, counts it, or has its breaker forced.

import { targetKey, type TargetOutcome } from '../../../src/index.js';
import { LEASE_MS } from '../../support/scene.js';
import { BANK, LIMITS, TargetScene } from '../../support/target-scene.js';
import type { Call, Moment } from './moment.js';

export const TARGET_KEY = targetKey(BANK, 'target');

const LIMITED = { ...LIMITS, rate: { perSecond: 10, burst: 5 }, concurrency: 1 };
const admit =
  (permit: string): Call =>
  (store) =>
    store.targets.admit(BANK, LIMITED, { permit, who: permit, leaseMs: LEASE_MS });
const report =
  (permit: string, outcome: TargetOutcome): Call =>
  (store) =>
    store.targets.report(BANK, LIMITED, permit, outcome, 10);
const force: Call = (store) =>
  store.targets.force(BANK, { commandId: 'c1', state: 'open', by: 'ann', reason: 'r' });

/** A target that has everything: changes behind it, a permit that is out, somebody who waits. */
const target = (name: string, call: Call, ...before: readonly Call[]): Moment => ({
  name,
  moves: /:(target|window|permits|probes|waiting|changes)$/,
  prepare: async (scene) => {
    const bank = new TargetScene(scene);
    await bank.pass(0);
    await bank.opened();
    await bank.pass(5000);
    await bank.calls('ok', 'ok', 'failed', 'failed', 'failed');
    await bank.pass(-5000);
    for (const each of [admit('out'), admit('waits'), ...before]) await each(scene.store);
    return call;
  },
});

export const OF_TARGET: readonly Moment[] = [
  target('admit: one who is refused', admit('p')),
  target('admit: one for whom there is room', admit('p'), report('out', 'unused')),
  target('report: counts', report('out', 'ok')),
  target('report: opens the breaker', report('out', 'failed')),
  target('force: opens the breaker', force),
];
