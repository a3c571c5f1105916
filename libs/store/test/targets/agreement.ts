import fc from 'fast-check';
import type { TargetLimits, TargetOutcome } from '../../src/index.js';
import { Scene } from '../support/scene.js';
import { LEASE_MS, TargetScene } from '../support/target-scene.js';
import { TargetModel } from './model.js';

/** A breaker that is easy to move, by itself and behind other limits. */
const BREAKER = { windowMs: 10_000, minimum: 2, failureRate: 0.5, openMs: 1000, probes: 2 };
const LIMITS: readonly TargetLimits[] = [
  { breaker: BREAKER, rate: null, concurrency: null },
  { breaker: { ...BREAKER, minimum: 4 }, rate: { perSecond: 2, burst: 6 }, concurrency: 3 },
];

type Command =
  | { readonly do: 'admit' }
  /** `nth`: which of the permits that were ever given. */
  | { readonly do: 'report'; readonly nth: number; readonly outcome: TargetOutcome }
  | { readonly do: 'pass'; readonly ms: number };

const OUTCOMES: readonly TargetOutcome[] = ['ok', 'failed', 'timed-out', 'unused'];

const commands = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('admit' as const) }) },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('report' as const),
        nth: fc.nat(5),
        outcome: fc.constantFrom(...OUTCOMES),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('pass' as const),
        ms: fc.oneof(fc.nat(1500), fc.constantFrom(1000, 10_000, LEASE_MS)),
      }),
    },
  ),
  { maxLength: 60, size: 'max' },
);

export interface Trial {
  readonly runs: number;
  readonly seed: number;
  /** How a rule is taken out of the library. */
  readonly edit?: (file: string, source: string) => string;
}

/** Where target and model first differ, in any of many histories; null when they never do. */
export async function disagreement({ runs, seed, edit }: Trial): Promise<string | null> {
  await using scene = await Scene.open(edit);
  const agree = fc.asyncProperty(fc.constantFrom(...LIMITS), commands, async (limits, history) => {
    await scene.clear();
    await new Comparison(new TargetScene(scene), limits).run(history);
  });
  const found = await fc.check(agree, { numRuns: runs, seed, endOnFailure: edit !== undefined });
  return found.failed ? String(found.errorInstance) : null;
}

class Comparison {
  private readonly model: TargetModel;
  private readonly given: string[] = [];

  constructor(
    private readonly target: TargetScene,
    private readonly limits: TargetLimits,
  ) {
    target.limits = limits;
    this.model = new TargetModel(limits, LEASE_MS);
  }

  async run(history: readonly Command[]): Promise<void> {
    await this.target.pass(0);
    for (const [at, command] of history.entries()) {
      await this.step(command, `permit-${at}`);
      const out = this.model.out().length;
      if (out > (this.limits.concurrency ?? Infinity)) throw new Error(`${out} permits are out`);
    }
  }

  private async step(command: Command, permit: string): Promise<void> {
    const what = JSON.stringify(command);
    switch (command.do) {
      case 'pass':
        this.model.pass(command.ms);
        return this.target.pass(command.ms);
      case 'admit': {
        const { reply } = await this.target.admit(permit);
        same(what, reply, this.model.admit(permit));
        if (reply === 'admitted') this.given.unshift(permit);
        return;
      }
      case 'report': {
        const reported = this.given[command.nth] ?? 'never given';
        const { reply, state } = await this.target.report(reported, command.outcome);
        same(what, reply, this.model.report(reported, command.outcome));
        same(what, state, this.model.state);
      }
    }
  }
}

function same(what: string, target: string, model: string): void {
  if (target !== model) throw new Error(`${what}: the target says ${target}, the model ${model}`);
}
