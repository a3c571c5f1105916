// The store of a simulation: a real Redis with the real Function library, whose clock is virtual.
//
//   R1. It works on one command at a time, and virtual time stands still meanwhile.
//   R2. Reads that wait are looked after in the same moment as the call that may have delivered something.
//   R3. How long a delivery is pending counts in virtual time; Redis would count in real time.

import type { Redis } from 'ioredis';
import type { Schedule } from '../time/schedule.js';
import { EPOCH_MS } from '../time/surroundings.js';
import type { Call, Command, Line, Request } from './command.js';
import { IdleFire } from './idle-fire.js';
import { CLOCK_KEY } from './library.js';
import { Pending } from './pending.js';
import { blockMsOf, readNow, type Reader, Readers } from './readers.js';
import { Witness } from './witness.js';

/** Functions that deliver nothing, whatever they answer. */
const DELIVERS_NOTHING = /_(reserve|commit|release|compensate|time|admit|report|forget|claim)$/;
const MOST_PENDING = 1000;

export class StoreServer {
  /** How far its wall clock is ahead, unit ms. */
  wallAheadMs = 0;
  /** Calls of functions that may have changed something. */
  changes = 0;
  #isDown = false;
  #frozenUntilMs = 0;
  #clockMs = -1;
  readonly witness = new Witness();
  readonly #readers = new Readers();
  readonly #idleFire = new IdleFire();
  readonly #pending: Pending;

  constructor(
    private readonly redis: Redis,
    private readonly schedule: Schedule,
  ) {
    this.#pending = new Pending(schedule);
  }

  /** By its own clock. */
  get #nowMs(): number {
    return Math.floor(EPOCH_MS + this.schedule.nowMs + this.wallAheadMs);
  }

  get isDown(): boolean {
    return this.#isDown;
  }

  /** Works on nothing for a while; what comes waits. */
  freeze(ms: number): void {
    this.#frozenUntilMs = this.schedule.nowMs + ms;
  }

  /** All connections are gone, and what comes on them never arrives. */
  stop(): void {
    this.#isDown = true;
    this.#readers.clear();
  }

  start(): void {
    this.#isDown = false;
  }

  /** A connection is gone; the store may notice it late. */
  leave(line: Line, lateMs: number): void {
    this.schedule.after(lateMs, () => {
      this.#readers.leave(line);
    });
  }

  receive(line: Line, request: Request): void | Promise<void> {
    if (this.#isDown) return;
    const frozenMs = this.#frozenUntilMs - this.schedule.nowMs;
    if (frozenMs > 0) {
      this.schedule.after(frozenMs, () => this.receive(line, request));
      return;
    }
    if (this.#readers.isBusy(line)) line.queue.push(request);
    else return this.#work(line, request);
  }

  #work(line: Line, request: Request): Promise<void> {
    switch (request.name) {
      case 'xreadgroup':
        return this.#read({ line, request });
      case 'xautoclaim':
        return this.#reclaim(line, request);
      default:
        return this.#call(line, request);
    }
  }

  /** R2 */
  async #call(line: Line, request: Request): Promise<void> {
    const callAt = { call: request, changes: this.changes, nowMs: this.#nowMs };
    const known = this.#idleFire.answer(callAt);
    if (known) {
      this.#reply({ line, request }, known);
      return;
    }
    const mayDeliver = isFunction(request) && !DELIVERS_NOTHING.test(String(request.args[0]));
    if (mayDeliver) this.#readers.delivered();
    const readers = mayDeliver ? this.#readers.next : [];
    const calls = [[request.name, ...request.args] as Call, ...readers.map(readNow)];
    const [reply, ...found] = await this.#ask(calls);
    this.#pending.saw(request);
    this.witness.saw(request, reply);
    if (isFunction(request) && !this.#idleFire.saw(callAt, reply)) this.changes += 1;
    this.#reply({ line, request }, reply);
    await this.#heed(readers, found);
  }

  async #heed(readers: readonly Reader[], found: readonly unknown[]): Promise<void> {
    for (const [at, reader] of readers.entries()) {
      if (found[at] === null) this.#readers.foundNothing(reader.request.args);
      else await this.#serve(reader, found[at]);
    }
    const more = this.#readers.next;
    if (more.length > 0) await this.#heed(more, await this.#ask(more.map(readNow)));
  }

  /** R1 */
  async #ask(calls: readonly Call[]): Promise<readonly unknown[]> {
    const nowMs = this.#nowMs;
    const set: readonly Call[] = nowMs === this.#clockMs ? [] : [['set', CLOCK_KEY, nowMs]];
    this.#clockMs = nowMs;
    const replies = await this.redis.pipeline([...set, ...calls].map((call) => [...call])).exec();
    return (replies ?? []).slice(set.length).map(([error, reply]) => error ?? reply);
  }

  async #read(reader: Reader): Promise<void> {
    const { args } = reader.request;
    const reply = this.#readers.isEmpty(args) ? null : (await this.#ask([readNow(reader)]))[0];
    const blockMs = blockMsOf(args);
    if (reply === null) this.#readers.foundNothing(args);
    if (reply !== null || blockMs === null) {
      this.#deliver(reader, reply);
      return;
    }
    this.#readers.add(reader);
    this.schedule.after(blockMs, () => this.#serve(reader, null));
  }

  /** Behind a read that waited comes what was asked after it. */
  async #serve(reader: Reader, reply: unknown): Promise<void> {
    if (!this.#readers.remove(reader)) return;
    this.#deliver(reader, reply);
    for (const next of reader.line.queue.splice(0)) await this.receive(reader.line, next);
  }

  #deliver(reader: Reader, reply: unknown): void {
    if (!(reply instanceof Error)) this.#pending.delivered(reply);
    this.#reply(reader, reply);
  }

  #reply({ line, request }: Reader, reply: unknown): void {
    const isError = reply instanceof Error;
    const deliver = (): void => {
      if (isError) request.reject(reply);
      else request.resolve(reply);
    };
    line.answer(request, { reply: isError ? String(reply) : reply, deliver });
  }

  /** R3 */
  async #reclaim(line: Line, request: Request): Promise<void> {
    const [key = '', group = '', consumer = '', idleMs, , , count] = request.args;
    const ids = await this.#idle(String(key), group, Number(idleMs));
    const some = ids.slice(0, Number(count));
    const claim: Call = ['xclaim', key, group, consumer, 0, ...some];
    const [entries] = some.length > 0 ? await this.#ask([claim]) : [[]];
    this.#pending.claimed(String(key), some);
    this.#reply({ line, request }, ['0-0', entries, []]);
  }

  async #idle(key: string, group: string | number, idleMs: number): Promise<readonly string[]> {
    if (!this.#pending.hasIdle(key, idleMs)) return [];
    const [there] = await this.#ask([['xpending', key, group, '-', '+', MOST_PENDING]]);
    const ids = (there as readonly [id: string][]).map(([id]) => id);
    return this.#pending.idle(key, ids, idleMs);
  }
}

const isFunction = ({ name }: Command): boolean => name === 'fcall';
