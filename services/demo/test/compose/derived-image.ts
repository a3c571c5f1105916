import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { docker } from '@lockstep/testing';

/** A text in one file of an image that is replaced in an image made from it. */
export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

const REPLACE =
  "const { readFileSync, writeFileSync } = require('node:fs');" +
  "const { file, from, to } = require('/change.json');" +
  "const text = readFileSync(file, 'utf8');" +
  'if (!text.includes(from)) throw new Error(`${file} has no ${from}`);' +
  'writeFileSync(file, text.replace(from, () => to));';

/** Makes the image of a release that differs in one place. @throws Error when the image has no such text */
export async function derivedImage(base: string, image: string, change: Change): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-image-'));
  try {
    await writeFile(join(folder, 'change.json'), JSON.stringify(change));
    await writeFile(join(folder, 'replace.cjs'), REPLACE);
    await writeFile(
      join(folder, 'Dockerfile'),
      `FROM ${base}\nUSER 0\nCOPY change.json replace.cjs /\nRUN node /replace.cjs\nUSER 1000:1000\n`,
    );
    await docker(['build', '--quiet', '--tag', image, folder]);
  } finally {
    await rm(folder, { recursive: true });
  }
}
