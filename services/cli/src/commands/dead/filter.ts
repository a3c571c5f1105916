import type { Command } from 'commander';

/** Which dead letters are meant: those to which all of it applies. */
export interface LetterFilter {
  readonly role?: string;
  readonly group?: string;
  readonly type?: string;
  readonly since?: string;
  readonly until?: string;
}

export const whichLetters = (command: Command): Command =>
  command
    .option('--role <role>', 'only where the failures began in this role')
    .option('--group <group>', 'only of this cause, as list names it')
    .option('--type <type>', 'only of workflows of this type')
    .option('--since <time>', 'written then or later, ISO 8601')
    .option('--until <time>', 'written then or earlier, ISO 8601');
