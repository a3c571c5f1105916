// Builds every workspace: `src/**/*.ts` to `dist/**/*.js` by SWC, other files copied as they are.
// A file is built only if its source or the compiler's settings are newer than the last result,
// and a result without a source is removed.

import { copyFile, glob, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { transform } from '@swc/core';

const root = join(import.meta.dirname, '..');
const folders = ['libs/*', 'services/*', 'services/agents/*'];
const settings = ['.swcrc', 'package-lock.json'].map((name) => join(root, name));

async function filesIn(name) {
  const files = [];
  for (const folder of folders)
    for await (const file of glob(`${folder}/${name}/**/*.*`, { cwd: root })) files.push(file);
  return files;
}

const resultOf = (source) => source.replace('/src/', '/dist/').replace(/\.ts$/, '.js');

const modifiedMs = async (file) => (await stat(file).catch(() => undefined))?.mtimeMs ?? 0;

/** Another process may be starting from this file: it sees the old one or the new one, whole. */
async function replace(file, write) {
  const fresh = `${file}.${process.pid}.tmp`;
  await write(fresh);
  await rename(fresh, file);
}

async function compile(source, result) {
  const { code, map } = await transform(await readFile(join(root, source), 'utf8'), {
    filename: join(root, source),
    sourceFileName: join(root, source),
    configFile: join(root, '.swcrc'),
  });
  const linked = `${code}\n//# sourceMappingURL=${basename(result)}.map\n`;
  await replace(`${result}.map`, (file) => writeFile(file, map));
  await replace(result, (file) => writeFile(file, linked));
}

async function build(source, settingsMs) {
  const result = join(root, resultOf(source));
  const sourceMs = await modifiedMs(join(root, source));
  if ((await modifiedMs(result)) > Math.max(sourceMs, settingsMs)) return false;
  await mkdir(dirname(result), { recursive: true });
  if (source.endsWith('.ts')) await compile(source, result);
  else await replace(result, (file) => copyFile(join(root, source), file));
  return true;
}

async function removeOrphans(sources) {
  const results = new Set(sources.map(resultOf));
  const orphans = (await filesIn('dist')).filter(
    (file) => !results.has(file.replace(/\.map$/, '').replace(/\.d\.ts$/, '.js')),
  );
  await Promise.all(orphans.map((file) => rm(join(root, file), { force: true })));
}

const startedMs = Date.now();
const settingsMs = Math.max(...(await Promise.all(settings.map(modifiedMs))));
const sources = (await filesIn('src')).filter((file) => !/\.(spec|d)\.ts$/.test(file));
const built = await Promise.all(sources.map((source) => build(source, settingsMs)));
await removeOrphans(sources);
const count = built.filter(Boolean).length;
if (count > 0)
  console.log(`built ${count} of ${sources.length} files in ${Date.now() - startedMs} ms`);
