// Collects what one service needs to run, by how seldom it changes: third-party packages, the project's
// libraries, the service itself.
//
//   node deploy/image/assemble.mjs agents/orders /parts

import { execFileSync } from 'node:child_process';
import { cp, lstat, mkdir, readlink, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const [service, target] = process.argv.slice(2);

/** Paths below the root of all packages that a workspace needs in production; links stand for workspaces. */
function productionPackages(workspace) {
  const args = ['ls', '--omit=dev', '--all', '--parseable', '--workspace', workspace];
  const lines = execFileSync('npm', args, { cwd: root, encoding: 'utf8' }).trim().split('\n');
  return lines.map((path) => relative(root, path)).filter((path) => path.includes('node_modules/'));
}

/** What neither Node nor a reader of a stack trace asks for. */
const DISPENSABLE = /\.d\.[cm]?ts$|\.map$/;

async function copyPackage(path) {
  await cp(join(root, path), join(target, 'dependencies', path), {
    recursive: true,
    filter: (source) => !DISPENSABLE.test(source) && basename(source) !== 'node_modules', // listed themselves
  });
}

/** A workspace as it is run: its manifest and what was built of it. */
async function copyWorkspace(part, folder) {
  for (const name of ['package.json', 'dist']) {
    const to = join(target, part, folder, name);
    await cp(join(root, folder, name), to, { recursive: true });
  }
}

async function copyLinked(path) {
  const folder = relative(root, join(root, dirname(path), await readlink(join(root, path))));
  if (folder === `services/${service}`) return;
  await copyWorkspace('libraries', folder);
  const link = join(target, 'libraries', path);
  await mkdir(dirname(link), { recursive: true });
  await symlink(await readlink(join(root, path)), link);
}

for (const path of productionPackages(`services/${service}`)) {
  const isLink = (await lstat(join(root, path))).isSymbolicLink();
  await (isLink ? copyLinked(path) : copyPackage(path));
}
await copyWorkspace('service', `services/${service}`);
