import { LogReader } from '@lockstep/store';
import { eventually } from '@lockstep/testing';
import { Judge, type JudgedRun } from './checks/judge.js';
import { leftovers } from './checks/leftovers.js';
import { type Injected, Injector } from './faults/injector.js';
import { type FaultKind, MIXES } from './faults/kinds.js';
import { MessageStrikes } from './faults/message-strikes.js';
import { planFaults } from './faults/plan.js';
import { strikersOn } from './faults/strikers.js';
import { Tally } from './faults/tally.js';
import { WorldFaults } from './faults/world-faults.js';
import { GatewayClient } from './feed/gateway-client.js';
import { type Run, Runs } from './feed/runs.js';
import { type Outcome, Watch } from './feed/watch.js';
import type { Options } from './options.js';
import { roles } from './programs/contracts.js';
import { Recoveries } from './recoveries.js';
import type { KindResult, Results, Violation } from './report/results.js';
import type { Stage } from './system/stage.js';

/** How a run goes on. */
export interface Snapshot {
  readonly leftMs: number;
  readonly ended: number;
  readonly inFlight: number;
  readonly faults: number;
  readonly violations: number;
}

const MINUTE_MS = 60_000;
/** Messages of killed processes are claimed by others after some seconds, and late ones are dropped. */
const SETTLES_WITHIN_MS = 40_000;

/** One run: programs under faults, and what came of them. */
export class Chaos {
  readonly #tally = new Tally();
  readonly #violations: Violation[] = [];
  readonly #runs: JudgedRun[] = [];
  readonly #ended = { completed: 0, failed: 0, cancelled: 0 };
  readonly #gateway: GatewayClient;
  readonly #watch: Watch;
  readonly #judge: Judge;
  readonly #recoveries: Recoveries;
  readonly #feed: Runs;
  readonly #messages: MessageStrikes;
  readonly #world: WorldFaults;
  #endsAtMs: number;
  #events = 0;
  #askedAgain = 0;

  /**
   * @param signal - ends it early, and in good order
   * @param onViolation - called as soon as something is wrong
   */
  constructor(
    private readonly stage: Stage,
    private readonly options: Options,
    private readonly signal: AbortSignal,
    private readonly onViolation: (violation: Violation) => void,
  ) {
    const { redis, partitions, fleet } = stage;
    const log = new LogReader(redis, partitions);
    const gateway = new GatewayClient(fleet.urlOf('gateway'), signal);
    this.#gateway = gateway;
    const inboxes = Object.values(roles).map(({ run }) => run.inbox);
    this.#watch = new Watch(redis, partitions);
    this.#judge = new Judge(log, gateway, fleet.urlOf('shop'));
    this.#recoveries = new Recoveries(log, stage.diary, ({ wf }) => this.#watch.versionOf(wf));
    this.#feed = new Runs(options.seed, gateway, this.#tally);
    this.#messages = new MessageStrikes(redis, partitions, inboxes);
    this.#world = new WorldFaults(fleet.urlOf('shop'), this.#tally);
    this.#endsAtMs = Date.now() + options.minutes * MINUTE_MS;
  }

  get snapshot(): Snapshot {
    return {
      leftMs: Math.max(0, this.#endsAtMs - Date.now()),
      ended: this.#runs.length,
      inFlight: this.#watch.inFlight,
      faults: this.#tally.total,
      violations: this.#violations.length,
    };
  }

  /** Runs until the time is over and all has ended. */
  async run(): Promise<Results> {
    const over = new AbortController();
    const followers = [this.#watch, this.#recoveries, this.#messages, this.#world];
    const following = followers.map((each) => each.follow(over.signal));
    let effects = 0;
    try {
      await Promise.all([this.#inject(), ...this.#lanes()]);
      if (!this.signal.aborted) effects = await this.#checkRemains();
    } finally {
      over.abort();
      await Promise.all(following);
    }
    return this.#results(effects);
  }

  async #inject(): Promise<void> {
    const { minutes, seed, mix } = this.options;
    const plan = planFaults(MIXES[mix], minutes * MINUTE_MS, seed);
    const strikers = strikersOn(this.stage, this.#messages);
    const injector = new Injector(strikers, (injected) => {
      this.#injected(injected);
    });
    await injector.run(plan, this.signal);
    await this.#world.end();
    this.#watch.calm();
  }

  #injected(injected: Injected): void {
    const { kind, target, held } = injected;
    this.stage.diary.note('struck', { kind, target, held });
    const isAtWork =
      kind.startsWith('agent-') || kind === 'role-replaced'
        ? held.length > 0
        : this.#watch.inFlight > 0;
    this.#tally.add(kind, isAtWork);
    const ofStarts = kind.startsWith('gateway-');
    this.#recoveries.struck(injected, () =>
      ofStarts ? this.#feed.startedAtMs : this.#watch.progressedAtMs,
    );
  }

  /** Each lane does one program after the other. */
  #lanes(): Promise<void>[] {
    return Array.from({ length: this.options.inFlight }, async () => {
      while (Date.now() < this.#endsAtMs && !this.signal.aborted) await this.#runOne();
    });
  }

  async #runOne(): Promise<void> {
    try {
      const run = await this.#feed.start();
      const outcome = await this.#endOf(run);
      const { events, end, violation } = await this.#judge.judge(run, outcome);
      this.#runs.push({ ...run, end });
      this.#events += events;
      if (outcome !== 'parked' && outcome !== 'stuck') this.#ended[outcome] += 1;
      if (violation) this.#violated(violation);
    } catch (error) {
      if (this.signal.aborted) return;
      this.#violated({ of: 'client', faults: [String(error)], history: [] });
      this.#endsAtMs = 0; // nothing can be judged any more
    }
  }

  /** How a workflow ends for whom a person is there: a doubt that outlasted the agent's questions is asked about again. */
  async #endOf({ wf }: Run): Promise<Outcome> {
    for (;;) {
      const outcome = await this.#watch.end(wf, this.signal);
      const asked = outcome === 'parked' ? await this.#gateway.askAgain(wf) : 0;
      if (asked === 0) return outcome;
      this.#askedAgain += asked;
    }
  }

  /** Nothing more is done to the system: what is wrong now stays wrong. */
  async #checkRemains(): Promise<number> {
    const faults = await this.#leftovers();
    const { crashes } = this.stage.fleet;
    if (faults.length > 0) this.#violated({ of: 'store', faults, history: [] });
    if (crashes.length > 0) this.#violated({ of: 'processes', faults: crashes, history: [] });
    const { effects, violations } = await this.#judge.world(this.#runs);
    const known = new Set(this.#violations.map(({ of }) => of));
    for (const each of violations) if (!known.has(each.of)) this.#violated(each);
    return effects;
  }

  async #leftovers(): Promise<string[]> {
    const { redis, partitions } = this.stage;
    let found: string[] = [];
    const isClean = async (): Promise<boolean> => {
      found = await leftovers(redis, partitions);
      return found.length === 0;
    };
    const waiting = { what: 'nothing is left', timeoutMs: SETTLES_WITHIN_MS };
    await eventually(isClean, waiting).catch(() => undefined); // what is left is told
    return found;
  }

  #violated(violation: Violation): void {
    this.#violations.push(violation);
    this.stage.diary.note('violated', violation);
    this.onViolation(violation);
  }

  #results(effects: number): Results {
    const { seed, minutes } = this.options;
    return {
      ...{ seeds: [seed], minutes, programs: this.#runs.length, ended: this.#ended },
      ...{ events: this.#events, effects, askedAgain: this.#askedAgain },
      violations: this.#violations,
      kinds: this.#kinds(),
    };
  }

  #kinds(): Results['kinds'] {
    const kinds = [...this.#tally.all].filter(([, { count }]) => count > 0);
    return Object.fromEntries(
      kinds.map(([kind, struck]) => [kind, { ...struck, recoveriesMs: this.#recoveriesOf(kind) }]),
    );
  }

  #recoveriesOf(kind: FaultKind): KindResult['recoveriesMs'] {
    return this.#recoveries.timesMs.get(kind) ?? [];
  }
}
