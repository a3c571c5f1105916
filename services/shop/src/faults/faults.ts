import { type Aim, AimedFaults } from './aimed-faults.js';
import { FAULT_KINDS, type Fault, type FaultKind, isLookup, type OutsideCall } from './fault.js';
import { Outages } from './outages.js';
import { type FaultRate, RandomFaults } from './random-faults.js';

/** Decides which calls meet which fault, and counts them. */
export class Faults {
  #random: RandomFaults;
  readonly #aimed = new AimedFaults();
  readonly #outages = new Outages();
  readonly #counts = new Map<FaultKind, number>(FAULT_KINDS.map((kind) => [kind, 0]));

  constructor(rate: FaultRate) {
    this.#random = new RandomFaults(rate);
  }

  /** Replaces the faults by rate and begins their sequence anew. */
  set rate(rate: FaultRate) {
    this.#random = new RandomFaults(rate);
  }

  get rate(): FaultRate {
    return this.#random.settings;
  }

  aim(aim: Aim): void {
    this.#aimed.aim(aim);
  }

  get pending(): readonly Aim[] {
    return this.#aimed.pending;
  }

  /** How often each kind has struck since the start. */
  get counts(): Record<FaultKind, number> {
    return Object.fromEntries(this.#counts) as Record<FaultKind, number>;
  }

  /** @returns what this call meets; a named fault goes before one by rate */
  strike(call: OutsideCall): Fault | undefined {
    const fault = this.#aimed.strike(call) ?? this.#random.strike(call);
    if (fault) this.#counts.set(fault.kind, (this.#counts.get(fault.kind) ?? 0) + 1);
    return isLookup(call.target) ? this.#outage(call, fault) : fault;
  }

  #outage({ reference = '' }: OutsideCall, fault: Fault | undefined): Fault | undefined {
    if (this.#outages.has(reference)) return { kind: 'lookup-down', durationMs: 0 };
    if (fault) this.#outages.begin(reference, fault.durationMs);
    return fault;
  }
}
