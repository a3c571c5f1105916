import { letterId } from '@lockstep/store';
import { eventJson } from '../history/event-json.js';
import type { Asked, Shown } from './dead-letters.js';

/** As JSON text, what was recorded put in as it is. */
export function letterJson(letter: Asked): string {
  const { role, wf, task, type, version, atMs, group, meta, request } = letter;
  const told = {
    id: letterId(letter),
    role,
    workflow: wf,
    task,
    type,
    version,
    atMs,
    group,
    meta,
  };
  return `${withoutEnd(told)},"request":${request}}`;
}

/** As {@link letterJson}, with the events before it and what a person can do. */
export function shownJson({ letter, events, options }: Shown): string {
  const more = JSON.stringify({ cause: letter.cause, options }).slice(1, -1);
  return `${letterJson(letter).slice(0, -1)},${more},"events":[${events.map(eventJson).join(',')}]}`;
}

const withoutEnd = (value: object): string => JSON.stringify(value).slice(0, -1);
