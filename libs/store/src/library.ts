// The Function library: built from the Lua files, loaded where it is missing (S10).

import { readdirSync, readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { BULK, PARTITION_KEYS, TARGET_KEYS } from './keys.js';

/** Number of the protocol; a change of what a function takes or does needs the next one (S10). */
export const PROTOCOL = 1;
export const LIBRARY = `lockstep_${PROTOCOL}`;

const FOLDER = new URL('./functions/', import.meta.url);
// Each may use what stands before it.
const SHARED = [
  'arguments',
  'moving',
  'clock',
  'lease-clock',
  'task',
  'workflow',
  'views',
  'dispatch',
  'rollback',
  'limits',
  'recovery',
  'ledger',
  'target',
];

export interface LibraryBuild {
  /** A library of a test's own: its name, and a clock that the test sets. */
  readonly name?: string;
  readonly testClock?: boolean;
  /** Replaces the text of one file, by its path below `functions/`: how a test breaks a rule on purpose. */
  readonly edit?: (file: string, source: string) => string;
}

/** The library's source, as `FUNCTION LOAD` takes it. */
export function librarySource({
  name = LIBRARY,
  testClock = false,
  edit = (_, source) => source,
}: LibraryBuild = {}): string {
  const read = (file: string): string => edit(file, readFileSync(new URL(file, FOLDER), 'utf8'));
  const shared = SHARED.map((part) =>
    read(`shared/${part}${part === 'clock' && testClock ? '.test' : ''}.lua`),
  );
  const operations = operationNames().map((operation) =>
    registered(name, operation, read(`${operation}.lua`)),
  );
  return [`#!lua name=${name}`, keyTable(), ...shared, ...operations].join('\n');
}

/** Loads this protocol's library if the server does not have it. */
export async function loadLibrary(redis: Redis): Promise<void> {
  await redis.call('FUNCTION', 'LOAD', librarySource()).catch((error: unknown) => {
    if (!(error instanceof Error) || !error.message.includes('already exists')) throw error;
  });
}

/** Names of the operations: one file each. */
export function operationNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.lua'))
    .map((file) => file.slice(0, -'.lua'.length))
    .sort();
}

function keyTable(): string {
  const names = Object.entries({ ...PARTITION_KEYS, ...TARGET_KEYS });
  const entries = names.map(([name, text]) => `${name} = '${text}'`);
  return `local key, BULK = { ${entries.join(', ')} }, '${BULK}'`;
}

// Each operation in a block of its own, so that its helpers may have short names.
function registered(library: string, operation: string, source: string): string {
  const flags = /^-- FLAGS {2}(.+)$/m.exec(source)?.[1]?.split(' ') ?? [];
  const list = flags.map((flag) => `'${flag}'`).join(', ');
  return `do\n${source}\nredis.register_function{ function_name = '${library}_${operation}', callback = ${operation}, flags = { ${list} } }\nend`;
}
