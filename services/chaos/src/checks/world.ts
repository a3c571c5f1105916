import type { End, Range } from '../programs/oracle.js';
import type { Act } from '../programs/program.js';
import { actReference, reverseReference, toldReference } from '../programs/references.js';

/** What the outside world shows of a program: references in the order in which they were booked. */
export type Booked = readonly string[];

/** What is wrong with what a program left in the outside world, in words. */
export function worldFaults(name: string, booked: Booked, end: End): string[] {
  const counts = countsOf(booked);
  const wanted = wantedOf(name, counts, end);
  const strays = [...counts.keys()].filter((reference) => !wanted.has(reference));
  return [
    ...strays.map((reference) => `${reference} was never to be done`),
    ...[...wanted].flatMap(([reference, range]) =>
      amiss(reference, counts.get(reference) ?? 0, range),
    ),
    ...inWrongOrder(name, booked, end),
  ];
}

function amiss(reference: string, count: number, { least, most }: Range): string[] {
  if (count > most) return [`doubled: ${reference} was done so often: ${count}`];
  return count < least ? [`missing: ${reference} was not done`] : [];
}

type Counts = ReadonlyMap<string, number>;

function countsOf(booked: Booked): Counts {
  const uses = Map.groupBy(booked, (reference) => reference);
  return new Map([...uses].map(([reference, { length }]) => [reference, length]));
}

const ONCE: Range = { least: 1, most: 1 };
const NEVER: Range = { least: 0, most: 0 };

/** How often each reference may be found; what was done tells whether it must be undone. */
function wantedOf(name: string, counts: Counts, end: End): ReadonlyMap<string, Range> {
  const wanted = new Map<string, Range>();
  if (end.isTold) wanted.set(toldReference(name), repeatable('both', ONCE));
  for (const { act, done, isUndone } of end.acts) {
    const reference = actReference(name, act.key);
    wanted.set(reference, repeatable(act.provider, done));
    const reverse = reverseReference(name, act);
    const provider = act.reverse === 'action' ? act.provider : 'both';
    const range = isUndone && counts.has(reference) ? ONCE : NEVER;
    if (reverse !== undefined) wanted.set(reverse, repeatable(provider, range));
  }
  return wanted;
}

/** The bank books as often as it is asked; a provider that honours the key takes two bookings under one for one. */
function repeatable(provider: Act['provider'], { least, most }: Range): Range {
  return { least, most: provider === 'probe' || most === 0 ? most : Infinity };
}

/** Nothing is undone before it was done. */
function inWrongOrder(name: string, booked: Booked, { acts }: End): string[] {
  return acts.flatMap(({ act }) => {
    const reverse = reverseReference(name, act);
    const undone = reverse === undefined ? -1 : booked.indexOf(reverse);
    const done = booked.indexOf(actReference(name, act.key));
    return undone >= 0 && undone < done ? [`${reverse} came before what it undoes`] : [];
  });
}
