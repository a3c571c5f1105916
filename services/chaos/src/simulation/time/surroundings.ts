// What Node gives every process, given to the actors of a simulation by it: timers, clocks, chance. So the real code
// of workers and supervisors runs on virtual time, as it is. Whoever is no actor gets Node's own.

import { AsyncLocalStorage } from 'node:async_hooks';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { type Actor, currentActor } from './actor.js';
import type { Cancel } from './schedule.js';

/** The wall clock of every machine at the beginning of a simulation: 2030-01-01. */
export const EPOCH_MS = Date.UTC(2030, 0, 1);

let isGiven = false;

/** From now on, in this process, until it ends. */
export function giveSurroundings(): void {
  if (isGiven) return;
  isGiven = true;
  giveClocks();
  giveTimers();
  giveChance();
  syncBuiltinESMExports();
}

/** Replaces a function: actors get `simulated`, everybody else what was there. */
function replace<Holder extends object>(
  holder: Holder,
  name: keyof Holder,
  simulated: (actor: Actor, ...args: never[]) => unknown,
): void {
  const real = (holder[name] as (...args: unknown[]) => unknown).bind(holder);
  const either = (...args: unknown[]): unknown => {
    const actor = currentActor();
    return actor ? simulated(actor, ...(args as never[])) : real(...args);
  };
  Object.defineProperty(holder, name, { value: either, configurable: true, writable: true });
}

function giveClocks(): void {
  replace(performance, 'now', ({ schedule }) => schedule.nowMs);
  replace(Date, 'now', ({ schedule, wallAheadMs }) =>
    Math.floor(EPOCH_MS + schedule.nowMs + wallAheadMs),
  );
}

function giveTimers(): void {
  replace(globalThis, 'setTimeout', setTimer);
  const clearReal = clearTimeout;
  globalThis.clearTimeout = (timer) => {
    if (timer instanceof Timer) timer.cancel();
    else clearReal(timer);
  };
  replace(globalThis, 'setImmediate', (actor, run: (...args: unknown[]) => void, ...args) => {
    const event = AsyncLocalStorage.bind(() => {
      run(...args);
    });
    actor.schedule.immediately(() => {
      actor.receive(event);
    });
  });
  replace(timers, 'setTimeout', pause);
  replace(AbortSignal, 'timeout', abortAfter);
}

function giveChance(): void {
  replace(Math, 'random', ({ random }) => random());
  replace(crypto, 'randomUUID', ({ random }) => uuidFrom(bytesFrom(16, random)));
  replace(crypto, 'randomBytes', ({ random }, size: number) => bytesFrom(size, random));
  const { pid } = process;
  Object.defineProperty(process, 'pid', { get: () => currentActor()?.pid ?? pid });
}

class Timer {
  constructor(readonly cancel: Cancel) {}

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

function setTimer(
  actor: Actor,
  run: (...args: unknown[]) => void,
  ms = 0,
  ...args: unknown[]
): Timer {
  const event = AsyncLocalStorage.bind(() => {
    run(...args);
  });
  // As in Node, whole milliseconds and one at least.
  const cancel = actor.schedule.after(Math.max(1, Math.floor(ms)), () => {
    actor.receive(event);
  });
  return new Timer(cancel);
}

function pause<Value>(
  actor: Actor,
  ms: number,
  value: Value,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      timer.cancel();
      reject(new DOMException('The operation was aborted', 'AbortError'));
    };
    const done = (): void => {
      signal?.removeEventListener('abort', abort);
      resolve(value);
    };
    const timer = setTimer(actor, done, ms);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

function abortAfter(actor: Actor, ms: number): AbortSignal {
  const controller = new AbortController();
  setTimer(
    actor,
    () => {
      controller.abort(
        new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
      );
    },
    ms,
  );
  return controller.signal;
}

const bytesFrom = (size: number, random: () => number): Buffer =>
  Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));

const uuidFrom = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
