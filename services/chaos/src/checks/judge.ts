import type { RecordedEvent } from '@lockstep/kernel';
import { BankClient } from '@lockstep/retail/shop';
import type { LogReader } from '@lockstep/store';
import { eventually } from '@lockstep/testing';
import type { GatewayClient } from '../feed/gateway-client.js';
import type { Run } from '../feed/runs.js';
import type { Outcome } from '../feed/watch.js';
import type { End } from '../programs/oracle.js';
import { historyOf } from '../report/history.js';
import type { Violation } from '../report/results.js';
import { logFaults } from './log.js';
import { outcomeFaults } from './outcome.js';
import { rightEnd } from './right-end.js';
import { type Booked, worldFaults } from './world.js';

/** What a program came to. */
export interface Verdict {
  readonly events: number;
  /** The right one. */
  readonly end: End;
  /** Undefined when all is right. */
  readonly violation: Violation | undefined;
}

/** A run, and the right end of its program. */
export type JudgedRun = Run & Pick<Verdict, 'end'>;

/** Compares what a program came to with what the oracle says. */
export class Judge {
  readonly #bank: BankClient;

  constructor(
    private readonly log: LogReader,
    private readonly gateway: GatewayClient,
    shopUrl: string,
  ) {
    this.#bank = new BankClient(shopUrl);
  }

  async judge(run: Run, outcome: Outcome): Promise<Verdict> {
    const events = await this.log.all(run.wf);
    const end = rightEnd(run.program, events);
    const faults = await this.#faults(run, outcome, events, end);
    const violation = { of: run.name, faults, history: historyOf(events) };
    return { events: events.length, end, violation: faults.length > 0 ? violation : undefined };
  }

  /** What the outside world shows of all of them when nothing happens any more. */
  async world(runs: readonly JudgedRun[]): Promise<{ effects: number; violations: Violation[] }> {
    const bookings = await this.#bank.bookings({}, { timeoutMs: 60_000 });
    const booked = Map.groupBy(bookings, ({ database }) => database);
    const violations = runs.flatMap(({ name, end }) => {
      const references = (booked.get(name) ?? []).map(({ reference }) => reference);
      const faults = worldFaults(name, references, end);
      return faults.length > 0 ? { of: name, faults, history: [] } : [];
    });
    return { effects: bookings.length, violations };
  }

  /** The world may be down. */
  #booked(name: string): Promise<Booked> {
    const ask = async (): Promise<Booked> => {
      const bookings = await this.#bank.bookings({ database: name });
      return bookings.map(({ reference }) => reference);
    };
    return eventually(ask, { what: 'the bank tells its bookings', timeoutMs: 60_000 });
  }

  async #faults(
    run: Run,
    outcome: Outcome,
    events: readonly RecordedEvent[],
    end: End,
  ): Promise<string[]> {
    if (outcome === 'parked' || outcome === 'stuck')
      return [`it is ${outcome}: ${await this.gateway.standing(run.wf)}`];
    return [
      ...outcomeFaults({ status: outcome, events }, end),
      ...logFaults(events),
      ...worldFaults(run.name, await this.#booked(run.name), end),
    ];
  }
}
