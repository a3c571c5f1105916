import { randomBytes } from 'node:crypto';
import { eventually } from '@lockstep/testing';
import pMap from 'p-map';
import { type Assignment, eachAlone, type Errand } from '../../src/assignment/assignment.js';
import { endsOf } from '../../src/feed/feeder.js';
import { GatewayClient, type JobEnd } from '../../src/feed/gateway-client.js';
import { verify } from '../../src/verification/verify.js';
import type { Installation } from './installation.js';

const PROGRESS_WITHIN_MS = 120_000;
const END_WITHIN_MS = 240_000;
const VERIFIED_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 100;

/** What is wrong with what a load has left; each is to be empty or 0. */
export interface Damage {
  readonly notEnded: readonly string[];
  readonly otherResults: readonly string[];
  readonly otherDigests: readonly string[];
  readonly bookings: LostAndDoubled;
  readonly mails: LostAndDoubled;
}

interface LostAndDoubled {
  readonly lost: number;
  readonly doubled: number;
}

export const NONE: Damage = {
  notEnded: [],
  otherResults: [],
  otherDigests: [],
  bookings: { lost: 0, doubled: 0 },
  mails: { lost: 0, doubled: 0 },
};

/** Recorded jobs that go through the API, some at a time, until the test has seen enough. */
export class Load {
  readonly #run = `compose-${randomBytes(4).toString('hex')}`;
  readonly #assignment: Assignment;
  readonly #taken: Errand[] = [];
  readonly #over: Promise<JobEnd[]>;
  #goesOn = true;
  #ended = 0;

  private constructor(
    private readonly installation: Installation,
    inFlight: number,
    private readonly jobs?: number,
  ) {
    const { data, url, key } = installation;
    const whole = { ...data, jobs: data.jobs.filter(({ allOrNothing }) => !allOrNothing) };
    const ids = new Set(whole.jobs.map(({ id }) => id));
    const expected = data.expected.filter(({ id }) => ids.has(id));
    this.#assignment = eachAlone(this.#run, { ...whole, expected }, new Map());
    const client = new GatewayClient(url, AbortSignal.timeout(END_WITHIN_MS), key);
    this.#over = this.#feed(client, inFlight);
  }

  /** Begins jobs, and goes on until {@link damage} asks what they have left, or none is left. */
  static begin(installation: Installation, { inFlight = 6 } = {}): Load {
    return new Load(installation, inFlight);
  }

  /** Does so many jobs. */
  static of(jobs: number, installation: Installation, { inFlight = 12 } = {}): Load {
    return new Load(installation, inFlight, jobs);
  }

  /** Waits until so many more jobs have ended than now. */
  async goesOn(jobs = 5): Promise<void> {
    const enough = this.#ended + jobs;
    await eventually(() => this.#ended >= enough, {
      what: `${jobs} more jobs end`,
      timeoutMs: PROGRESS_WITHIN_MS,
      everyMs: LOOK_EVERY_MS,
    });
  }

  /** Ids of the workflows, when the last has ended. */
  async workflows(): Promise<string[]> {
    return (await this.#ends()).flatMap((end) => ('workflow' in end ? [end.workflow] : []));
  }

  /** Waits for the jobs that are under way, and compares all that they have left with what they must. */
  async damage(): Promise<Damage> {
    const ends = await this.#ends();
    const names = new Set(this.#taken.map(({ key }) => key));
    const { databases } = this.#assignment;
    const done: Assignment = {
      ...this.#assignment,
      errands: this.#taken,
      databases: databases.filter(({ name }) => names.has(name)),
    };
    await using shop = await this.installation.project.tunnel(
      { service: 'shop', port: 8080 },
      'supervisor',
    );
    const remains = { run: this.#run, shopUrl: shop.url, ends };
    const { orders } = this.installation.data.initial;
    // It only reads; on a busy machine a connection through a container may take longer than the shop's client waits.
    const found = await eventually(() => verify(remains, done, orders), {
      what: 'the outside world tells what was left',
      timeoutMs: VERIFIED_WITHIN_MS,
    });
    return {
      notEnded: found.verdicts.filter(({ isEnded }) => !isEnded).map(({ id }) => id),
      otherResults: found.verdicts.filter((each) => !each.areResultsEqual).map(({ id }) => id),
      otherDigests: found.databases.filter(({ isEqual }) => !isEqual).map(({ name }) => name),
      bookings: lostAndDoubled(found.bookings),
      mails: lostAndDoubled(found.mails),
    };
  }

  #ends(): Promise<JobEnd[]> {
    this.#goesOn = false;
    return this.#over;
  }

  async #feed(client: GatewayClient, concurrency: number): Promise<JobEnd[]> {
    const run = async (errand: Errand): Promise<JobEnd[]> => {
      const ends = await endsOf(errand, client);
      this.#ended += 1;
      return ends;
    };
    return (await pMap(this.#errands(), run, { concurrency })).flat();
  }

  *#errands(): Iterable<Errand> {
    for (const errand of this.#assignment.errands.slice(0, this.jobs)) {
      if (this.jobs === undefined && !this.#goesOn) return;
      this.#taken.push(errand);
      yield errand;
    }
  }
}

const lostAndDoubled = ({ lost, doubled }: LostAndDoubled): LostAndDoubled => ({ lost, doubled });
