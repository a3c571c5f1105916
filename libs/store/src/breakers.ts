// Reading the targets: what an operator sees of their breakers and limits.

import type { Redis } from 'ioredis';
import { targetKey, TARGETS_KEY, type TARGET_KEYS } from './keys.js';
import type { BreakerState } from './targets.js';

export interface Breaker {
  readonly target: string;
  readonly state: BreakerState;
  /** Null when it has never been anything but closed. */
  readonly sinceMs: number | null;
  /** Who moved it there; null when it did so itself. */
  readonly by: string | null;
  /** Why; null when it has never been anything but closed. */
  readonly reason: string | null;
  /** Whether it stays open until a person closes it. */
  readonly pinned: boolean;
  /** From when on probes are let through; null unless it is open and not pinned. */
  readonly probesAtMs: number | null;
  /** Permits that are out. */
  readonly admitted: number;
  /** How many were refused and have not come back. */
  readonly waiting: number;
  /** The last changes of state, the newest first. */
  readonly changes: readonly BreakerChange[];
}

export interface BreakerChange {
  readonly state: BreakerState;
  readonly atMs: number;
  readonly by: string | null;
  readonly reason: string;
}

const CHANGES_SHOWN = 20;
/** Whoever does not come when expected waits no more, as `admit.lua` has it; unit ms. */
const FORGET_MS = 60_000;
const FIELDS = ['state', 'since', 'by', 'reason', 'pinned', 'ends'];

export class BreakerReader {
  constructor(private readonly redis: Redis) {}

  /** Every target that work was ever sent to, by name. */
  async list(): Promise<Breaker[]> {
    const names = await this.redis.smembers(TARGETS_KEY);
    return Promise.all(names.sort().map((name) => this.read(name)));
  }

  /** Null when there is no such target. */
  async get(target: string): Promise<Breaker | null> {
    const isKnown = (await this.redis.sismember(TARGETS_KEY, target)) === 1;
    return isKnown ? this.read(target) : null;
  }

  private async read(target: string): Promise<Breaker> {
    const { redis } = this;
    const key = (name: keyof typeof TARGET_KEYS): string => targetKey(target, name);
    const [fields, time, changes] = await Promise.all([
      redis.hmget(key('target'), ...FIELDS),
      redis.time(),
      redis.xrevrange(key('changes'), '+', '-', 'COUNT', CHANGES_SHOWN),
    ]);
    const nowMs = Number(time[0]) * 1000;
    const [admitted, waiting] = await Promise.all([
      redis.zcount(key('permits'), nowMs, '+inf'),
      redis.zcount(key('waiting'), nowMs - FORGET_MS, '+inf'),
    ]);
    return { target, ...stateOf(fields), admitted, waiting, changes: changes.map(changeOf) };
  }
}

type Fields = readonly (string | null)[];

function stateOf([state, since, by, reason, pinned, ends]: Fields): Omit<
  Breaker,
  'target' | 'admitted' | 'waiting' | 'changes'
> {
  const isPinned = pinned === '1';
  return {
    state: (state ?? 'closed') as BreakerState,
    sinceMs: since ? Number(since) : null,
    by: nameOf(by),
    reason: reason ?? null,
    pinned: isPinned,
    probesAtMs: state === 'open' && !isPinned ? Number(ends) : null,
  };
}

function changeOf([, fields]: readonly [id: string, fields: readonly string[]]): BreakerChange {
  const [, state, , at, , by, , reason] = fields;
  return {
    state: state as BreakerState,
    atMs: Number(at),
    by: nameOf(by),
    reason: reason ?? '',
  };
}

/** A breaker that moved by itself has nobody's name. */
const nameOf = (by: string | null | undefined): string | null =>
  by === undefined || by === '' ? null : by;
