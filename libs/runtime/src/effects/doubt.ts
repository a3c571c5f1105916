// An attempt that may have happened: what settles it (E3, E4).
//
//   D1. Nobody else can be acting any more before anybody is asked: the times of the attempt are waited out, on our
//       own clock (E5). When the delivery of this claim was read, no earlier claim could record an intent any more:
//       what has passed since then counts.
//   D2. The ledger is read before the outside world is asked: the attempt may have brought its receipt there.
//      Where the times were waited out before and the target took no questions then, they are over.
//   D3. Only a definite `not happened` frees the key for another attempt.

import { BLAMELESS, Rejected, type EffectIntent } from '@lockstep/kernel';
import type { TargetOutcome } from '@lockstep/store';
import type { Access } from '../targets/access.js';
import { outcomeOf, type Permit } from '../targets/permit.js';
import type { EffectSpec, ProbeAnswer } from './spec.js';
import { boundOf, type EffectUse } from './effect-use.js';
import { isReserved, type LedgerEntry } from './ledger-entry.js';
import type { GoesOn, Outcomes } from './outcomes.js';
import { performOnce } from './perform-once.js';

/** Waits between questions to the outside world double from here to the cap, unit ms. */
const ASK_BASE_MS = 100;
const ASK_CAP_MS = 5000;
/** Questions without a definite answer, some twenty seconds, before a person is asked. */
const QUESTIONS = 12;

type Probe<Input, Receipt> = NonNullable<EffectSpec<Input, Receipt>['probe']>;

export class Doubt<Input, Receipt> {
  constructor(
    private readonly use: EffectUse<Input, Receipt>,
    private readonly entry: LedgerEntry,
    private readonly outcomes: Outcomes,
    private readonly access: Access,
  ) {}

  /** An earlier claim began the attempt: from here on its reservation is refused (E4). */
  async takeOver(intent: EffectIntent, isSatOut: boolean): Promise<GoesOn> {
    const reply = await this.entry.reserve();
    if (!isReserved(reply)) return this.outcomes.notMine(reply, intent);
    if (isSatOut) return this.settle(intent, 0); // D1
    const { claimed, ports } = this.use.execution;
    const passedMs = ports.clock.monotonicMs() - claimed.readAtMs;
    return this.settle(intent, Math.max(0, boundOf(intent) - passedMs)); // D1
  }

  /** @param waitMs - until nobody can be acting any more (D1) */
  async settle(intent: EffectIntent, waitMs: number): Promise<GoesOn> {
    await this.wait(waitMs);
    const reply = await this.entry.reserve(); // D2
    if (!isReserved(reply)) return this.outcomes.notMine(reply, intent);
    const key = this.entry.providerKey(reply.occurrence);
    const answer = await this.ask(key);
    if (answer === null || this.use.execution.lost.aborted) return false;
    if (answer === 'unknown') return this.unknown(key);
    if (answer.happened) return this.outcomes.committed(answer.receipt, 'probe');
    const reason = 'the outside world says that it did not happen';
    return this.outcomes.freed(intent, BLAMELESS.lost, reason); // D3
  }

  /** A person says that it did not happen. */
  async deny(intent: EffectIntent): Promise<GoesOn> {
    const reply = await this.entry.reserve();
    if (!isReserved(reply)) return this.outcomes.notMine(reply, intent);
    return this.outcomes.freed(intent, BLAMELESS.lost, 'a person said that it did not happen');
  }

  /** The outside world cannot be asked, or could not say. */
  private unknown(key: string): Promise<GoesOn> {
    const { deduplicates, probe } = this.use.definition.spec;
    if (deduplicates === true) return this.repeat(key);
    return this.outcomes.parked(
      probe
        ? 'its probe cannot say whether it happened'
        : 'it has no probe, and its provider honours no key',
    );
  }

  /**
   * The provider does a thing once per key, so asking again is the same attempt. Only its answer ends the doubt:
   * that this request was not performed says nothing of the first.
   */
  private async repeat(key: string): Promise<GoesOn> {
    for (let tries = 1; tries <= QUESTIONS; tries += 1) {
      const permit = await this.access.admit(this.use.definition.timeoutMs);
      if (!permit) return false;
      try {
        const receipt = await performOnce(this.use, key);
        permit.report('ok');
        return await this.outcomes.committed(receipt, 'attempt');
      } catch (error) {
        permit.report(this.outcomeOf(error));
        if (this.use.execution.lost.aborted) return false;
        if (error instanceof Rejected) return this.outcomes.rejected(error);
        await this.backOff(tries);
      }
    }
    return this.outcomes.parked(
      'it was repeated under its key, and the outside world gave no answer',
    );
  }

  /** Null when its target takes no questions now. */
  private async ask(key: string): Promise<ProbeAnswer<Receipt> | null> {
    const { definition, execution } = this.use;
    const { probe } = definition.spec;
    if (!probe) return 'unknown';
    for (let tries = 1; tries <= QUESTIONS; tries += 1) {
      const permit = await this.access.admit(definition.timeoutMs);
      if (!permit) return null;
      const answer = await this.askOnce(probe, key, permit);
      if (answer !== 'unknown' || execution.lost.aborted) return answer;
      await this.backOff(tries);
    }
    return 'unknown';
  }

  private async askOnce(
    probe: Probe<Input, Receipt>,
    key: string,
    permit: Permit,
  ): Promise<ProbeAnswer<Receipt>> {
    const { definition, execution, input } = this.use;
    const timeout = AbortSignal.timeout(definition.timeoutMs);
    const signal = AbortSignal.any([execution.lost, timeout]);
    try {
      const answer = await probe(input, { key, signal });
      permit.report('ok');
      return answer;
    } catch (error) {
      permit.report(timeout.aborted ? 'timed-out' : this.outcomeOf(error));
      execution.log.warn({ err: error, key }, 'an effect could not be probed');
      return 'unknown';
    }
  }

  private outcomeOf(error: unknown): TargetOutcome {
    return this.use.execution.lost.aborted ? 'unused' : outcomeOf(error);
  }

  private backOff(tries: number): Promise<void> {
    const ceilingMs = Math.min(ASK_CAP_MS, ASK_BASE_MS * 2 ** tries);
    return this.wait(this.use.execution.ports.clock.random() * ceilingMs);
  }

  private wait(ms: number): Promise<void> {
    return this.use.execution.ports.clock.delay(ms, this.use.execution.lost);
  }
}
