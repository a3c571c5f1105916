// Builds every workspace: `src/**/*.ts` to `dist/**/*.js` by SWC, other files copied as they are.
// A file is built again only if its source, or the compiler's settings, are newer than the result.
import { copyFile, glob, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { transform } from '@swc/core';

const root = join(import.meta.dirname, '..');
const settings = ['.swcrc', 'package-lock.json'];
const isTest = (path) => /\.spec\.ts$/.test(path);

const modifiedMs = (path) =>
  stat(path).then(
    (found) => found.mtimeMs,
    () => 0,
  );

async function compile(from, to) {
  const source = await readFile(from, 'utf8');
  const { code, map } = await transform(source, {
    filename: from,
    sourceFileName: from,
    configFile: join(root, '.swcrc'),
  });
  const mapFile = `${basename(to)}.map`;
  await writeFile(`${to}.map`, map);
  await writeFile(to, `${code}\n//# sourceMappingURL=${mapFile}\n`);
}

async function buildFile(from, settingsMs) {
  const isCode = from.endsWith('.ts');
  const to = from.replace('/src/', '/dist/').replace(/\.ts$/, '.js');
  if ((await modifiedMs(to)) > Math.max(await modifiedMs(from), settingsMs)) return 0;
  await mkdir(dirname(to), { recursive: true });
  await (isCode ? compile(from, to) : copyFile(from, to));
  return 1;
}

async function sources() {
  const found = [];
  for (const folder of ['libs/*', 'services/*', 'services/agents/*'])
    for await (const entry of glob(`${folder}/src/**/*.*`, { cwd: root }))
      if (!isTest(entry)) found.push(join(root, entry));
  return found;
}

const startedMs = Date.now();
const settingsMs = Math.max(
  ...(await Promise.all(settings.map((name) => modifiedMs(join(root, name))))),
);
const files = await sources();
const built = await Promise.all(files.map((file) => buildFile(file, settingsMs)));
const count = built.reduce((sum, one) => sum + one, 0);
console.log(`built ${count} of ${files.length} files in ${Date.now() - startedMs} ms`);
