// The right end of a program, computed without Lockstep and without running anything.

import {
  beside,
  type Deeds,
  type Forecast,
  leftBehind,
  NO_DEEDS,
  NOTHING,
  type Pattern,
  union,
} from './forecast.js';
import type { CallOff } from './call-off.js';
import type { Act, Attempt, Concurrent, Part, Program, Race, Task } from './program.js';
import { valueOf } from './values.js';

/** How often something may be found: `least` differs from `most` where either is right. */
export interface Range {
  readonly least: number;
  readonly most: number;
}

/** What must be found of an effect in the outside world. */
export interface ActEnd {
  readonly act: Act;
  readonly done: Range;
  /** Whether what was done must be undone, once; else it must stand. */
  readonly isUndone: boolean;
}

/** The right end of a program. */
export interface End {
  readonly status: 'completed' | 'failed' | 'cancelled';
  /** Null unless it completes. */
  readonly value: Pattern | null;
  /** Failures that may have ended it; none when it completes or is called off. */
  readonly failures: ReadonlySet<number>;
  readonly acts: readonly ActEnd[];
  /** Whether somebody is told of a rollback, once. */
  readonly isTold: boolean;
  /** What the shared state has counted. */
  readonly count: Range;
}

/** The right end of a program. */
export function endOf({ root, policy }: Program): End {
  const { value, failures, done, maybe } = ofTask(root);
  const status = value === null ? 'failed' : 'completed';
  const isRolledBack = status === 'failed' && policy === 'compensate';
  return {
    ...{ status, value, failures, isTold: isRolledBack },
    acts: actEnds(done, maybe, isRolledBack),
    count: countRange(done, maybe),
  };
}

/** Its right end when a person calls it off: wherever that was, so that of all it would do anything may be done. */
export function endCalledOff({ root, policy }: Program, how: CallOff): End {
  const { done, maybe } = ofTask(root);
  const all = union(maybe, done);
  const isUndone = how !== 'cancel';
  return {
    status: how === 'roll back' ? 'failed' : 'cancelled',
    ...{ value: null, failures: new Set(), isTold: isUndone && policy === 'compensate' },
    acts: actEnds(NO_DEEDS, all, isUndone),
    count: countRange(NO_DEEDS, all),
  };
}

function actEnds(done: Deeds, maybe: Deeds, isRolledBack: boolean): ActEnd[] {
  const all = union(maybe, done).acts;
  return [...all].map(([key, act]) => ({
    act,
    done: { least: done.acts.has(key) ? 1 : 0, most: 1 },
    isUndone: isRolledBack && act.reverse !== 'none',
  }));
}

function countRange(done: Deeds, maybe: Deeds): Range {
  const total = ({ counts }: Deeds): number => [...counts.values()].reduce((a, b) => a + b, 0);
  return { least: total(done), most: total(union(maybe, done)) };
}

/** A task that returns has waited for its calls (F2); what a failed one left behind may be anywhere (F3). */
function ofTask({ body, handoff }: Task): Forecast {
  const { late, ...own } = ofPart(body);
  if (own.value === null) return { ...own, late: NO_DEEDS, maybe: union(own.maybe, late) };
  const returned = { ...own, late: NO_DEEDS, done: union(own.done, late) };
  return handoff ? beside(ofTask(handoff), [returned]) : returned;
}

function ofPart(part: Part): Forecast {
  switch (part.kind) {
    case 'act':
      return succeeds(valueOf(part), { ...NO_DEEDS, acts: new Map([[part.key, part]]) });
    case 'count':
      return succeeds(valueOf(part), { ...NO_DEEDS, counts: new Map([[part.id, part.amount]]) });
    case 'failure':
      return { ...NOTHING, value: null, failures: new Set([part.id]) };
    case 'sequence':
      return ofSequence(part.parts);
    case 'all':
      return ofAll(part);
    case 'settled':
      return ofSettled(part);
    case 'race':
      return ofRace(part);
    case 'call':
      return ofTask(part.task);
    case 'attempt':
      return ofAttempt(part);
    default:
      return succeeds(valueOf(part), NO_DEEDS);
  }
}

const succeeds = (value: Pattern, done: Deeds): Forecast => ({
  ...NOTHING,
  ...{ value, done, failures: new Set() },
});

/** Goes as far as to the first that fails. */
function ofSequence(parts: readonly Part[]): Forecast {
  const forecasts: Forecast[] = [];
  for (const part of parts) {
    const next = ofPart(part);
    if (next.value === null) return beside(next, forecasts);
    forecasts.push(next);
  }
  return beside(succeeds(forecasts.map(valueIn), NO_DEEDS), forecasts);
}

const valueIn = ({ value }: Forecast): Pattern => value ?? [];

/** The first failure ends it; what else was under way is left behind. */
function ofAll({ parts }: Concurrent): Forecast {
  const branches = parts.map(ofPart);
  const failing = branches.filter(({ value }) => value === null);
  if (failing.length === 0) return beside(succeeds(branches.map(valueIn), NO_DEEDS), branches);
  const failures = new Set(failing.flatMap(({ failures: each }) => [...each]));
  const [only] = failing.length === 1 ? failing : [];
  const lost = branches.filter((each) => each !== only).map(leftBehind);
  return beside(only ?? { ...NOTHING, value: null, failures }, lost);
}

function ofSettled({ parts }: Concurrent): Forecast {
  const branches = parts.map(ofPart);
  const values = branches.map((each) => each.value ?? caught(each.failures));
  return beside(succeeds(values, NO_DEEDS), branches);
}

const caught = (failures: ReadonlySet<number>): Pattern => ({
  oneOf: [...failures].map((id) => `caught ${id}`),
});

/** The losers' calls go on until the task ends, unless they are cancelled. */
function ofRace({ parts, cancels }: Race): Forecast {
  const branches = parts.map(ofPart);
  const value = { oneOf: branches.map(valueIn) };
  const after = cancels
    ? branches.map(leftBehind)
    : branches.map(({ done, late, maybe }) => ({ ...NOTHING, late: union(done, late), maybe }));
  return beside({ ...NOTHING, value, failures: new Set() }, after);
}

function ofAttempt({ body, otherwise }: Attempt): Forecast {
  const tried = ofPart(body);
  if (tried.value !== null) return tried;
  const other = beside(ofPart(otherwise), [tried]);
  if (other.value === null) return other;
  return { ...other, value: [caught(tried.failures), other.value] };
}
