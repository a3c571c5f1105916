import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { UsageError } from '../exit/cli-error.js';
import type { Shell } from './shell.js';

/** How such an argument is given; for the help. */
export const JSON_SOURCES = 'JSON, @<file>, or - for standard input';

/**
 * A JSON value of the command line.
 *
 * @param given - JSON text, `@` and the name of a file with it, or `-`; undefined stays so
 * @param name - of the argument, for the error
 * @throws UsageError when it cannot be read or is no JSON
 */
export async function jsonArgument(
  given: string | undefined,
  name: string,
  { stdin }: Pick<Shell, 'stdin'>,
): Promise<unknown> {
  if (given === undefined) return undefined;
  const source = await contentOf(given, name, stdin);
  try {
    return JSON.parse(source) as unknown;
  } catch (error) {
    throw new UsageError(
      `${name} is no JSON: ${(error as Error).message}`,
      `give ${JSON_SOURCES}; a text needs its own quotes: '"text"'`,
    );
  }
}

async function contentOf(given: string, name: string, stdin: Shell['stdin']): Promise<string> {
  if (given === '-') return text(stdin as NodeJS.ReadableStream);
  if (!given.startsWith('@')) return given;
  try {
    return await readFile(given.slice(1), 'utf8');
  } catch (error) {
    throw new UsageError(`${name}: ${(error as Error).message}`);
  }
}
