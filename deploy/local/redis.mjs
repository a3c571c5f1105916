// Finds a Redis for this machine, and installs one where that can be done without asking.

import { canInstall, installPackage } from './apt.mjs';
import { ask, run, say } from './run.mjs';

const oldestMajor = 7;
const image = 'redis:7-bookworm';

/**
 * @param kept - whether a server that runs already may be used; not by tests, which kill theirs
 * @returns variables to add to the environment of the processes to come; with
 *   LOCKSTEP_REDIS_IMAGE they start Redis in a container, else with `redis-server`
 * @throws Error that says what to do when there is no way to a Redis
 */
export function findRedis({ kept }) {
  if (kept && process.env.LOCKSTEP_REDIS_URL) return {};
  if (isInstalled() || (canInstall() && installed())) return {};
  if (ask('docker', ['info'])) return inContainer();
  const orGiven = kept ? ', or set LOCKSTEP_REDIS_URL' : '';
  throw new Error(
    `no Redis found: install redis-server ${oldestMajor}.0 or newer, or start Docker${orGiven}`,
  );
}

function isInstalled() {
  const version = /v=(\d+)\./.exec(ask('redis-server', ['--version']) ?? '');
  return version !== null && Number(version[1]) >= oldestMajor;
}

function installed() {
  try {
    installPackage('redis-server');
  } catch (error) {
    say(error.message);
  }
  return isInstalled();
}

function inContainer() {
  if (!ask('docker', ['image', 'inspect', image])) run('docker', ['pull', '--quiet', image]);
  return { LOCKSTEP_REDIS_IMAGE: image };
}
