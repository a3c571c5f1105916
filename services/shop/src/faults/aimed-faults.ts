import type { Fault, OutsideCall } from './fault.js';

/** A fault for one call that is still to come. */
export interface Aim extends Fault {
  target: string;
  /** Text that the call's reference contains; any call of the target, where it is absent. */
  reference?: string;
  /** Which of the calls that fit from now on, counted from 1. */
  nth: number;
}

/** Faults at named calls. Each strikes once. */
export class AimedFaults {
  #pending: Aim[] = [];

  aim(aim: Aim): void {
    this.#pending.push({ ...aim });
  }

  get pending(): readonly Aim[] {
    return this.#pending;
  }

  /** Counts the call for every aim that it fits. @returns the fault that was aimed at it */
  strike(call: OutsideCall): Fault | undefined {
    const fitting = this.#pending.filter((aim) => fits(aim, call));
    for (const aim of fitting) aim.nth -= 1;
    const struck = fitting.find((aim) => aim.nth <= 0);
    this.#pending = this.#pending.filter((aim) => aim !== struck);
    return struck;
  }
}

function fits(aim: Aim, { target, reference = '' }: OutsideCall): boolean {
  return aim.target === target && reference.includes(aim.reference ?? '');
}
