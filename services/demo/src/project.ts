import { join } from 'node:path';

/** The folder of the whole project; this file runs from `services/demo/dist`. */
export const PROJECT = join(import.meta.dirname, '..', '..', '..');

export const SAMPLE = join(PROJECT, 'services', 'demo', 'sample');

/** Where processes find code that an earlier start has compiled: a restart takes half the time. */
export const COMPILE_CACHE = join(PROJECT, '.lockstep', 'compile-cache');

/** What a service runs, by its folder below `services`, as in `agents/orders`. */
export const mainOf = (folder: string): string =>
  join(PROJECT, 'services', folder, 'dist', 'main.js');
