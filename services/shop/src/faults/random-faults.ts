import { createHash } from 'node:crypto';
import { type Fault, type FaultKind, faultsOf, type OutsideCall } from './fault.js';

export interface FaultRate {
  /** Part of all calls, 0 to 1. */
  rate: number;
  seed: string;
  kinds: FaultKind[];
  /** Calls to these alone; default: to any. */
  targets?: string[] | undefined;
  durationMs: number;
}

/** Faults by rate: the seed decides which of the calls, in order of arrival, meet which. */
export class RandomFaults {
  #calls = 0;

  constructor(readonly settings: FaultRate) {}

  /** @returns the fault of the next call, if it meets one */
  strike(call: OutsideCall): Fault | undefined {
    const { rate, seed, durationMs, targets } = this.settings;
    if (targets && !targets.includes(call.target)) return undefined;
    const [chance, choice] = draw(seed, this.#calls++);
    if (chance >= rate) return undefined;
    const kinds = this.settings.kinds.filter((kind) => faultsOf(call).includes(kind));
    const kind = kinds[Math.floor(choice * kinds.length)];
    return kind && { kind, durationMs };
  }
}

/** Two even numbers from 0 to below 1 for the n-th call. */
function draw(seed: string, n: number): [number, number] {
  const bytes = createHash('sha256').update(`${seed}/${n}`).digest();
  return [bytes.readUInt32BE(0) / 2 ** 32, bytes.readUInt32BE(4) / 2 ** 32];
}
