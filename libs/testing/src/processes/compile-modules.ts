import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folder of the repository. */
export const PROJECT = join(import.meta.dirname, '..', '..', '..', '..');

/** Modules that processes can run. */
export interface CompiledModules extends AsyncDisposable {
  readonly folder: string;
}

/** Compiles the TypeScript of a folder, as a build does with sources, into a temporary one. */
export async function compileModules(from: string): Promise<CompiledModules> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-modules-'));
  await symlink(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const names = (await readdir(from)).filter((name) => name.endsWith('.ts'));
  await Promise.all(names.map((name) => compile(join(from, name), folder, name)));
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

async function compile(source: string, folder: string, name: string): Promise<void> {
  const { transformFile } = await import('@swc/core'); // not for those who only run processes
  const configFile = join(PROJECT, '.swcrc');
  const { code } = await transformFile(source, { configFile, sourceMaps: 'inline' });
  await writeFile(join(folder, name.replace(/\.ts$/, '.js')), code);
}
