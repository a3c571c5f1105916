// One history: the model and the server side by side, and everything that was called so far.

import type { Redis } from 'ioredis';
import { Partitions, Store, type StoreLimits } from '../../src/index.js';
import { LedgerModel } from './ledger.js';
import { RetirementModel } from './retirement.js';
import { openTasks } from './state.js';
import { snapshotOfModel, snapshotOfStore, type Snapshot } from './snapshot.js';

/** One call, so that it can be made again to the byte. */
export interface Call {
  readonly name: string;
  /** For the report of a failure. */
  readonly args: unknown;
  onModel(model: RetirementModel, ledger: LedgerModel): unknown;
  onStore(run: Run): Promise<unknown>;
  /** What the first call sent. */
  sent?: Parameters<Redis['fcall']>;
}

export interface Claim {
  readonly wf: string;
  readonly task: string;
  readonly token: string;
  readonly worker: string;
  readonly epoch: number;
}

export const LIMITS: StoreLimits = {
  tasksPerWorkflow: 5,
  crashBudget: 1,
  receiptMs: 3_600_000,
};

/** A redis of which only `fcall` is used, to see and to repeat what the store sends. */
class Wire {
  repeating: Parameters<Redis['fcall']> | undefined;
  sent: Parameters<Redis['fcall']> | undefined;

  constructor(private readonly redis: Redis) {}

  fcall(...args: Parameters<Redis['fcall']>): Promise<unknown> {
    this.sent = this.repeating ?? args;
    return this.redis.fcall(...this.sent);
  }
}

export class Run {
  readonly model = new RetirementModel(LIMITS);
  readonly ledger = new LedgerModel();
  readonly history: Call[] = [];
  /** Every claim that was ever granted. */
  readonly claims: Claim[] = [];
  readonly beats = new Map<string, number>();
  readonly store: Store;
  orders = 0;
  private readonly wire: Wire;
  private readonly partitions = new Partitions(1);
  /** The server's ids of messages and entries of the feed, by the model's. */
  private readonly idOf = new Map<string, string>();

  private constructor(
    private readonly redis: Redis,
    library: string,
  ) {
    this.wire = new Wire(redis);
    this.store = new Store(this.wire as unknown as Redis, this.partitions, LIMITS, library);
  }

  static async begin(redis: Redis, library: string): Promise<Run> {
    await redis.flushall();
    const run = new Run(redis, library);
    await run.setClockTo(run.model.nowMs);
    return run;
  }

  /** The claims under which tasks are held now. */
  holding(): Claim[] {
    return this.claims.filter(({ wf, task, token }) => {
      const record = this.model.workflows.get(wf)?.tasks.get(task);
      return record?.claim === token && record.state === 'running';
    });
  }

  setClockTo(nowMs: number): Promise<unknown> {
    return this.redis.set(this.key('test-clock'), nowMs);
  }

  /** The server's id for one of the model's; one that it never gave out for one that is not known. */
  serverId(modelId: string): string {
    return this.idOf.get(modelId) ?? '0-1';
  }

  modelId(serverId: string): string {
    return [...this.idOf].find(([, id]) => id === serverId)?.[0] ?? 'f0';
  }

  /** Makes a call on both sides and compares the answers and everything that is there afterwards. */
  async make(call: Call): Promise<unknown> {
    this.history.push(call);
    this.wire.repeating = call.sent;
    const actual = await call.onStore(this);
    if (this.wire.sent) call.sent ??= this.wire.sent;
    this.wire.sent = undefined;
    const expected = call.onModel(this.model, this.ledger);
    same(`the answer of ${call.name}`, actual, expected);
    await this.compare();
    return expected;
  }

  private async compare(): Promise<void> {
    const actual = await snapshotOfStore(this.redis, this.key(''));
    const expected = snapshotOfModel(this.model, this.ledger);
    for (const name of new Set([...Object.keys(actual), ...Object.keys(expected)])) {
      same(name, actual[name], expected[name]);
    }
    this.checkInvariants(actual);
    await this.learnIds();
  }

  /** What must hold at every point, whatever the model says. */
  private checkInvariants(actual: Snapshot): void {
    for (const flow of this.model.workflows.values()) {
      const log = actual[`log:${flow.id}`] as readonly (readonly string[])[];
      const dense = log.every(([id], before) => id === `${before + 1}-0`);
      if (!dense) throw new Error(`G1: the versions of ${flow.id} have a gap`);
      for (const [id, task] of openTasks(flow)) {
        const messages = this.model.inbox.filter(
          (m) => m.wf === flow.id && m.task === id && m.dispatch === task.dispatch,
        ).length;
        const needed = task.state === 'queued' ? 1 : 0;
        // Nobody may claim what was in the inbox when a person held the task.
        const unread = Number(task.state === 'held');
        // An earlier workflow of this id may have left some that nobody has read yet.
        const most = this.model.retired.has(flow.id) ? Infinity : Math.max(needed, unread);
        if (messages < needed || messages > most)
          throw new Error(`G6: ${flow.id} ${id} is ${task.state} with ${messages} live messages`);
      }
    }
    const workers = Object.keys(actual['workers'] ?? {});
    const holders = Object.keys(actual).flatMap((name) => /^held:(.+)$/.exec(name)?.[1] ?? []);
    const unseen = holders.filter((worker) => !workers.includes(worker));
    if (unseen.length > 0) throw new Error(`S5: ${unseen.join()} hold tasks and no reaper looks`);
  }

  private async learnIds(): Promise<void> {
    const streams = { feed: this.model.feed, 'inbox:orders@1': this.model.inbox };
    for (const [name, items] of Object.entries(streams)) {
      const newest = items.at(-1);
      if (!newest || this.idOf.has(newest.id)) continue;
      const entries = await this.redis.xrange(this.key(name), '-', '+');
      items.forEach(({ id }, at) => this.idOf.set(id, entries[at]?.[0] ?? ''));
    }
  }

  private key(name: string): string {
    return this.partitions.feed(0).replace(/feed$/, name);
  }
}

function same(what: string, actual: unknown, expected: unknown): void {
  const [found, wanted] = [canonical(actual), canonical(expected)];
  if (found !== wanted) throw new Error(`${what}\n  store: ${found}\n  model: ${wanted}`);
}

/** JSON text with the fields in order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
