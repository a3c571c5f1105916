// From a fresh clone to a running system, or to tested code, with nothing installed before:
// plain JavaScript for Node 20 or newer, without a dependency. What is there already is kept.
//
//   node deploy/local/bootstrap.mjs start|test [arguments]

import { delimiter, join } from 'node:path';
import { ensureDependencies } from './dependencies.mjs';
import { findRedis } from './redis.mjs';
import { foreground, run, say } from './run.mjs';

const root = join(import.meta.dirname, '..', '..');
const [target, ...args] = process.argv.slice(2);

const nodeFolder = join(root, 'node_modules', 'node', 'bin');
const node = join(nodeFolder, 'node');

const demo = [['--enable-source-maps', join(root, 'services/demo/dist/main.js'), ...args]];

/** Integration tests run processes and faults, so that one file at a time has the machine. */
const tests = [jest('unit', []), jest('integration', ['--runInBand'])];

function jest(project, options) {
  const reports = process.env.LOCKSTEP_TEST_REPORTS;
  const report = reports ? ['--json', `--outputFile=${join(reports, `${project}.json`)}`] : [];
  const cli = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
  const always = ['--experimental-vm-modules', '--no-warnings', cli, '--passWithNoTests'];
  return [...always, '--selectProjects', project, ...options, ...report, ...args];
}

async function main() {
  if (target !== 'start' && target !== 'test') throw new Error('say what to do: start or test');
  await ensureDependencies(root);
  const redis = findRedis({ kept: target === 'start' });
  const path = `${nodeFolder}${delimiter}${process.env.PATH}`;
  const env = { ...process.env, ...redis, PATH: path };
  run(node, [join(root, 'deploy', 'build.mjs')], { env });
  return runAll(target === 'start' ? demo : tests, env);
}

/** A failure does not keep the next from running; a signal does. */
async function runAll(commands, env) {
  let worst = 0;
  for (const command of commands) {
    worst = Math.max(worst, await foreground(node, command, env));
    if (worst > 128) break;
  }
  return worst;
}

main().then(
  (status) => process.exit(status),
  (error) => {
    say(error.message);
    process.exit(1);
  },
);
