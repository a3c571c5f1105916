// Where a dead letter lies, and the one order of all letters: the newest first.

import type { TaskId, WorkflowId } from '@lockstep/kernel';

/** The stream of a role in a partition, and the entry in it. */
export interface Place {
  readonly role: string;
  readonly partition: number;
  /** Id of the entry. */
  readonly entry: string;
}

export type DeadStream = Omit<Place, 'entry'>;

/** The place in a list behind a letter. */
export const placeText = ({ role, partition, entry }: Place): string =>
  `${entry}_${partition}_${role}`;

/** Null when it is not what {@link placeText} gives. */
export function parsePlace(text: string): Place | null {
  const [, entry, partition, role] = /^(\d+-\d+)_(\d+)_([a-zA-Z0-9-]+)$/.exec(text) ?? [];
  if (entry === undefined || role === undefined) return null;
  return { entry, partition: Number(partition), role };
}

/** The task that a letter is about. */
export interface TaskOfLetter {
  readonly wf: WorkflowId;
  readonly task: TaskId;
}

/** The name of a letter to the outside: with its task, so that a command about it can be repeated when it has gone. */
export const letterId = ({ wf, task, ...place }: Place & TaskOfLetter): string =>
  `${placeText(place)}_${wf}_${task}`;

/** Null when it is not what {@link letterId} gives. */
export function parseLetterId(id: string): (Place & TaskOfLetter) | null {
  const [, text = '', wf, task] = /^([^_]+_[^_]+_[^_]+)_(.+)_([^_]+)$/.exec(id) ?? [];
  const place = parsePlace(text);
  return place && { ...place, wf: wf as WorkflowId, task: task as TaskId };
}

/** Newest first; of letters with one id, those of the stream that comes first. */
export function byAge(a: Place, b: Place): number {
  const [aMs = 0, aSequence = 0] = a.entry.split('-').map(Number);
  const [bMs = 0, bSequence = 0] = b.entry.split('-').map(Number);
  return bMs - aMs || bSequence - aSequence || byStream(a, b);
}

/** Where to begin in a stream for what comes behind `last`. */
export const boundBehind = (last: Place, stream: DeadStream): string =>
  byStream(stream, last) <= 0 ? `(${last.entry}` : last.entry;

const byStream = (a: DeadStream, b: DeadStream): number =>
  a.role === b.role ? a.partition - b.partition : a.role < b.role ? -1 : 1;
