// Debian's packages, where this process may install them without asking.

import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { ask, run, say } from './run.mjs';

export const canInstall = () =>
  process.getuid?.() === 0 && ask('apt-get', ['--version']) !== undefined;

/** Installs a package without starting its service. @throws Error when that fails */
export function installPackage(name) {
  say(`installing Debian's ${name}, without starting its service`);
  withoutServiceStart(() => install(name));
}

function install(name) {
  const once = () => apt('install', '--yes', '--no-install-recommends', name);
  try {
    once();
  } catch {
    // The package lists are missing or too old.
    apt('update');
    once();
  }
}

function apt(...args) {
  run('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/** Debian asks this script before a package starts its service; 101 means no. */
const policy = '/usr/sbin/policy-rc.d';

function withoutServiceStart(action) {
  if (existsSync(policy)) return action();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return action();
  } finally {
    rmSync(policy);
  }
}
