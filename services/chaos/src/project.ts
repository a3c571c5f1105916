import { join } from 'node:path';

/** The folder of the whole project; this file runs from `services/chaos/dist`. */
export const PROJECT = join(import.meta.dirname, '..', '..', '..');

/** Where processes find code that an earlier start has compiled: a restart takes half the time. */
export const COMPILE_CACHE = join(PROJECT, '.lockstep', 'compile-cache');

/** What a service runs, by its folder below `services`. */
export const serviceMain = (folder: string): string =>
  join(PROJECT, 'services', folder, 'dist', 'main.js');

/** A module of the chaos suite that processes run, by its path below `src` without an ending. */
export const chaosModule = (path: string): string =>
  join(PROJECT, 'services', 'chaos', 'dist', `${path}.js`);
