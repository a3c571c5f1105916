import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Reads one file of a data set. @throws Error with its path when it is not there or not JSON */
export async function readJson<Content>(folder: string, name: string): Promise<Content> {
  const file = join(folder, name);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Content;
  } catch (cause) {
    throw new Error(`${file} cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
}
