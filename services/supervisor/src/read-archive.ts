// Reads archived workflows again and verifies each: `read-archive.js [--view] <file or folder>…`.

import { glob, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { viewJson } from '@lockstep/kernel';
import { readArchived } from './archive/format.js';

const USAGE = `Usage: read-archive.js [--view] <file or folder>…

Verifies archived workflows, one line each; ends with 1 when one of them is broken.
  --view  shows the view that each folds to, as JSON, instead of its line
`;

/** The archived workflows of a folder, or the one file. */
async function* filesOf(path: string): AsyncGenerator<string> {
  if ((await stat(path)).isFile()) yield path;
  else for await (const found of glob('**/*.ndjson', { cwd: path })) yield join(path, found);
}

/** Answers whether it is what was written. */
async function read(path: string, asView: boolean): Promise<boolean> {
  try {
    const { header, view } = readArchived(await readFile(path, 'utf8'));
    const { workflow, status, versions } = header;
    const line = `ok ${workflow} ${status} ${versions} ${path}`;
    process.stdout.write(`${asView ? viewJson(view) : line}\n`);
    return true;
  } catch (error) {
    process.stderr.write(
      `broken ${path}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return false;
  }
}

const { values, positionals } = parseArgs({
  options: { view: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (positionals.length === 0) {
  process.stderr.write(USAGE);
  process.exitCode = 2;
}
for (const path of positionals) {
  for await (const file of filesOf(path)) {
    if (!(await read(file, values.view))) process.exitCode = 1;
  }
}
