// Installs what package-lock.json names, unless it is there already.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { say } from './run.mjs';

const progressEveryMs = 5_000;

/** Makes `node_modules` agree with the lock. @throws Error when `npm ci` fails */
export async function ensureDependencies(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  // npm writes this when, and only when, an installation is complete.
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!agree(wanted, installed)) await install(root);
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function agree(wanted, installed) {
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([path, { version, optional, devOptional }]) => {
    if (!path.startsWith('node_modules/')) return true;
    const found = installed[path];
    return found ? found.version === version : optional || devOptional;
  });
}

async function install(root) {
  say('installing dependencies; this is needed once and takes about a minute');
  const npm = spawn('npm', ['ci', '--loglevel=http', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const problems = watch(npm.stderr);
  const [status] = await once(npm, 'close');
  if (status !== 0) throw new Error(`npm ci ended with status ${status}\n${problems.join('\n')}`);
}

/** Shows how far npm is, by its log of fetches: without a terminal it is silent by itself. */
function watch(log) {
  const startedMs = Date.now();
  const problems = [];
  let fetched = 0;
  const progress = setInterval(() => {
    const seconds = Math.round((Date.now() - startedMs) / 1000);
    say(`  ${fetched} packages fetched in ${seconds} s …`);
  }, progressEveryMs);
  const lines = createInterface({ input: log });
  lines.on('line', (line) => {
    if (line.startsWith('npm http fetch')) fetched += 1;
    if (line.startsWith('npm error')) problems.push(line);
  });
  lines.once('close', () => clearInterval(progress));
  return problems;
}
