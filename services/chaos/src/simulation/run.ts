// One schedule: a seed's programs, cast, network and faults, run to the end and judged.

import { digestOf, LogReader, Partitions } from '@lockstep/store';
import { pick, randomFrom } from '@lockstep/testing';
import type { Redis } from 'ioredis';
import { leftovers } from '../checks/leftovers.js';
import { logFaults } from '../checks/log.js';
import { outcomeFaults } from '../checks/outcome.js';
import { rightEnd } from '../checks/right-end.js';
import { worldFaults } from '../checks/world.js';
import { CALL_OFFS, type CallOff, callOffIn } from '../programs/call-off.js';
import { generate } from '../programs/generate.js';
import { bodiesOf, partsOf, type Program } from '../programs/program.js';
import { actReference, reverseReference } from '../programs/references.js';
import { Cast } from './cast/cast.js';
import type { SimulatedClient } from './cast/client.js';
import { SimulatedWorld } from './cast/world.js';
import { drawFaults, type Fault } from './faults.js';
import { Network, type Pace } from './store/network.js';
import { CLOCK_KEY } from './store/library.js';
import { StoreServer } from './store/server.js';
import { Strikes } from './strikes.js';
import { Schedule } from './time/schedule.js';
import { Trace } from './trace.js';

/** What came of a schedule. */
export interface Outcome {
  readonly seed: number;
  /** In words; none when all is as it must be. */
  readonly wrongs: readonly string[];
  readonly programs: number;
  /** Programs that a person called off in time. */
  readonly calledOff: number;
  /** Those that struck. */
  readonly faults: readonly Fault[];
  readonly messages: number;
  /** Of the logs of its programs, byte for byte. */
  readonly digest: string;
  /** How long it took in virtual time, unit ms. */
  readonly virtualMs: number;
  /** Line by line; none unless it was asked for. */
  readonly trace: readonly string[];
}

/** A program that has not ended after this stands still, unit ms of virtual time. */
const LIMIT_MS = 180_000;
/** How often somebody looks whether all have ended, unit ms of virtual time. */
const LOOK_EVERY_MS = 200;
/** After this nothing of a program that has ended is left, unit ms of virtual time. */
const TIDY_MS = 60_000;
const PARTITIONS = new Partitions(1);
/** Part of the programs that a person calls off. */
const CALLED_OFF_SHARE = 0.3;
/** By its head: nothing more happens of itself. */
const ENDED = new Set<string | null>(['completed', 'failed', 'cancelled']);

const PACES: readonly Pace[] = [
  { usualMs: 1, mostMs: 1, slowShare: 0 },
  { usualMs: 2, mostMs: 60, slowShare: 0.05 },
  { usualMs: 20, mostMs: 400, slowShare: 0.1 },
];

/** Runs the schedule of a seed; every time the same. @param redis - its database is emptied; has the simulated library */
export async function runSchedule(redis: Redis, seed: number, isTraced = false): Promise<Outcome> {
  await redis.flushdb();
  return new Run(redis, seed, isTraced).outcome();
}

class Run {
  readonly #schedule = new Schedule();
  readonly #random: () => number;
  readonly #trace = new Trace(this.#schedule);
  readonly #faults: Fault[] = [];
  readonly #programs: ReadonlyMap<string, Program>;
  readonly #world: SimulatedWorld;
  readonly #cast: Cast;
  readonly #strikes: Strikes;
  readonly #callsOff: () => number;
  readonly #server: StoreServer;
  readonly #logs: string[] = [];
  #messages = 0;
  #calledOff = 0;
  /** Changes of the store up to the last look. */
  #seen = -1;

  constructor(
    private readonly redis: Redis,
    private readonly seed: number,
    private readonly isTraced: boolean,
  ) {
    const random = (this.#random = randomFrom(seed));
    this.#server = new StoreServer(redis, this.#schedule);
    const network = this.#network();
    this.#programs = this.#drawPrograms();
    this.#world = new SimulatedWorld({
      ...{ network, random: this.#stream(), mishapShare: random() < 0.5 ? 0 : random() * 0.3 },
      deduplicates: this.#deduplicates(),
    });
    this.#cast = new Cast({ network, world: this.#world, random: this.#stream() });
    const struck = (fault: Fault, whom: string): void => {
      this.#faults.push(fault);
      if (isTraced) this.#trace.fault(whom, `${fault.kind} ${fault.ms} ms`);
    };
    const parts = { network, cast: this.#cast, random: this.#stream(), struck };
    this.#strikes = new Strikes(drawFaults(random), parts);
    this.#callsOff = this.#stream();
  }

  async outcome(): Promise<Outcome> {
    this.#cast.enter();
    const clients = [...this.#programs].map(([name, program]) =>
      this.#cast.begin(name, program, this.#drawCallOff()),
    );
    const wrongs = await this.#wrongs(clients);
    return {
      ...{ seed: this.seed, wrongs, faults: this.#faults, messages: this.#messages },
      digest: digestOf(this.#logs.sort().join('\n')),
      ...{
        programs: clients.length,
        calledOff: this.#calledOff,
        virtualMs: this.#schedule.nowMs,
        trace: this.#trace.lines,
      },
    };
  }

  async #wrongs(clients: readonly SimulatedClient[]): Promise<readonly string[]> {
    const haveEnded = await this.#until(() => this.#haveEnded(clients), LIMIT_MS);
    let left: readonly string[] = [];
    const isTidy = async (): Promise<boolean> => {
      left = (await leftovers(this.redis, PARTITIONS)).filter((what) => !what.endsWith(CLOCK_KEY));
      return left.length === 0;
    };
    if (haveEnded) await this.#until(isTidy, this.#schedule.nowMs + TIDY_MS);
    const judged = await Promise.all(clients.map((client) => this.#judged(client)));
    const still = haveEnded ? [] : [`it stands still for ${LIMIT_MS / 1000} s`];
    const seen = this.#server.witness.wrongs;
    return [
      ...still,
      ...seen,
      ...judged.flat(),
      ...left.map((what) => `left in the store: ${what}`),
    ];
  }

  async #judged({ name, wf, program }: SimulatedClient): Promise<readonly string[]> {
    const events = await new LogReader(this.redis, PARTITIONS).all(wf);
    if (callOffIn(events)) this.#calledOff += 1;
    const end = rightEnd(program, events);
    this.#logs.push(JSON.stringify(events));
    const status = (await this.redis.hget(PARTITIONS.head(wf), 'status')) ?? 'unknown';
    const booked = this.#world.done.filter((reference) => reference.includes(`${name}/`));
    const faults = [
      ...outcomeFaults({ status, events }, end),
      ...logFaults(events),
      ...worldFaults(name, booked, end),
    ];
    return faults.map((fault) => `${name}: ${fault}`);
  }

  async #haveEnded(clients: readonly SimulatedClient[]): Promise<boolean> {
    if (this.#server.changes === this.#seen) return false;
    this.#seen = this.#server.changes;
    for (const { wf, isHeard } of clients) {
      if (!isHeard || !ENDED.has(await this.redis.hget(PARTITIONS.head(wf), 'status')))
        return false;
    }
    return true;
  }

  /** Looks at a condition now and then. */
  #until(condition: () => Promise<boolean>, limitMs: number): Promise<boolean> {
    let holds = false;
    const look = async (): Promise<void> => {
      holds = await condition();
      this.#schedule.after(LOOK_EVERY_MS, look);
    };
    this.#schedule.after(0, look);
    return this.#schedule.run(() => holds, limitMs);
  }

  #network(): Network {
    const pace = PACES[Math.floor(this.#random() * PACES.length)] as Pace;
    const passes: ConstructorParameters<typeof Network>[0]['passes'] = (message) => {
      this.#messages += 1;
      if (this.isTraced) this.#trace.message(message);
      this.#strikes.passes(message);
    };
    return new Network({
      schedule: this.#schedule,
      server: this.#server,
      random: this.#stream(),
      pace,
      passes,
    });
  }

  /** One or two, as they share partition and workers. */
  #drawPrograms(): ReadonlyMap<string, Program> {
    const count = this.#random() < 0.7 ? 1 : 2;
    const seeds = Array.from({ length: count }, () => Math.floor(this.#random() * 2 ** 31));
    return new Map(seeds.map((seed, at) => [`program-${at + 1}`, generate(seed)]));
  }

  #drawCallOff(): CallOff | undefined {
    return this.#callsOff() < CALLED_OFF_SHARE ? pick(CALL_OFFS, this.#callsOff) : undefined;
  }

  #deduplicates(): (reference: string) => boolean {
    const bare = new Set<string>();
    for (const [name, program] of this.#programs) {
      for (const part of bodiesOf(program.root).flatMap((body) => [...partsOf(body)])) {
        if (part.kind !== 'act' || part.provider !== 'probe') continue;
        bare.add(actReference(name, part.key));
        if (part.reverse === 'action') bare.add(reverseReference(name, part) ?? '');
      }
    }
    return (reference) => !bare.has(reference);
  }

  /** Chance of its own for a part, so that one that draws more often does not change the others. */
  #stream(): () => number {
    return randomFrom(Math.floor(this.#random() * 2 ** 32));
  }
}
