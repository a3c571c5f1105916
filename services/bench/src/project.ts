import { join } from 'node:path';

/** The folder of the whole project. */
export const PROJECT = join(import.meta.dirname, '..', '..', '..');

/** Where processes find code that an earlier start has compiled. */
export const COMPILE_CACHE = join(PROJECT, '.lockstep', 'compile-cache');

/** What a service runs, by its folder below `services`. */
export const serviceMain = (folder: string): string =>
  join(PROJECT, 'services', folder, 'dist', 'main.js');

/** A module of the benchmark that is a process of its own, by its path below `src` without an ending. */
export const benchMain = (path: string): string =>
  join(PROJECT, 'services', 'bench', 'dist', `${path}.js`);
