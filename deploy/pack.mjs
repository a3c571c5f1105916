// Packs the libraries, with their types, and the command line, for use outside this repository.
//
//   node deploy/pack.mjs [folder]     default .lockstep/packages; what it holds of an earlier time is replaced

import { execFileSync } from 'node:child_process';
import { glob, mkdir, rename, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');
const target = resolve(process.argv[2] ?? join(root, '.lockstep', 'packages'));
const libraries = ['contracts', 'kernel', 'store', 'host', 'runtime', 'retail', 'testing'];
const packed = [...libraries.map((library) => `libs/${library}`), 'services/cli'];

async function sourcesOf(library) {
  const sources = await Array.fromAsync(glob(`libs/${library}/src/**/*.ts`, { cwd: root }));
  return sources.filter((file) => !file.endsWith('.spec.ts')).map((file) => join(root, file));
}

/** Writes a declaration beside each file that was built. @throws Error with what the compiler says against it */
async function declare() {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const program = ts.createProgram({
    rootNames: (await Promise.all(libraries.map(sourcesOf))).flat(),
    options: { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true },
  });
  const toDist = (file, text) => ts.sys.writeFile(file.replace('/src/', '/dist/'), text);
  const { diagnostics } = program.emit(undefined, toDist);
  if (diagnostics.length === 0) return;
  const host = {
    getCanonicalFileName: String,
    getCurrentDirectory: () => root,
    getNewLine: () => '\n',
  };
  throw new Error(ts.formatDiagnostics(diagnostics, host));
}

/** A tarball's name has no version: who depends on it changes nothing for a newer one. */
async function pack(folder) {
  const args = ['pack', '--json', '--pack-destination', target];
  const said = execFileSync('npm', args, { cwd: join(root, folder), encoding: 'utf8' });
  const [{ filename }] = JSON.parse(said);
  await rename(join(target, filename), join(target, `lockstep-${basename(folder)}.tgz`));
}

execFileSync(process.execPath, [join(root, 'deploy', 'build.mjs')], { stdio: 'inherit' });
await declare();
await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
for (const folder of packed) await pack(folder);
console.log(`${packed.length} packages in ${target}`);
