import { digestOf } from '@lockstep/store';

/**
 * The id that the store knows a command by: of bounded length, and another one for each kind of command, so
 * that a signal and a decision may carry the same key.
 */
export const commandIdOf = (kind: string, key: string): string =>
  digestOf(`${kind}\n${key}`).slice(0, 32);
