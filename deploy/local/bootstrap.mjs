// From a fresh clone to a running system, or to tested code, with nothing installed before:
// plain JavaScript for Node 20 or newer, without a dependency. What is there already is kept.
//
//   node deploy/local/bootstrap.mjs install
//   node deploy/local/bootstrap.mjs start|test|test:compose|bench|chaos [arguments]

import { delimiter, join } from 'node:path';
import { ensureDependencies } from './dependencies.mjs';
import { wantPrometheus } from './prometheus.mjs';
import { findRedis } from './redis.mjs';
import { foreground, run, say } from './run.mjs';

const root = join(import.meta.dirname, '..', '..');
const nodeFolder = join(root, 'node_modules', 'node', 'bin');
const node = join(nodeFolder, 'node');

const [target, ...args] = process.argv.slice(2);

/** What each target runs, one after the other, by the installed Node. */
const commands = {
  install: [],
  start: [['--enable-source-maps', join(root, 'services/demo/dist/main.js'), ...args]],
  bench: [['--enable-source-maps', join(root, 'services/bench/dist/main.js'), ...args]],
  chaos: [['--enable-source-maps', join(root, 'services/chaos/dist/main.js'), ...args]],
  // Where processes run and are killed, one file at a time has the machine.
  test: [jest('unit'), jest('integration', '--maxWorkers=2'), jest('processes', '--runInBand')],
  // All share one installation, and time out when its containers do.
  'test:compose': [jest('compose', '--runInBand', '--testTimeout=600000')],
};

function jest(project, ...options) {
  const cli = join(root, 'node_modules/jest/bin/jest.js');
  const reports = process.env.LOCKSTEP_TEST_REPORTS;
  if (reports) options.push('--json', `--outputFile=${join(reports, `${project}.json`)}`);
  const flags = ['--experimental-vm-modules', '--no-warnings'];
  return [...flags, cli, ...args, '--passWithNoTests', ...options, '--selectProjects', project];
}

async function main() {
  if (!Object.hasOwn(commands, target ?? ''))
    throw new Error('say what to do: start, test, test:compose, bench or chaos');
  await ensureDependencies(root);
  if (target === 'install') wantPrometheus();
  if (commands[target].length === 0) return 0;
  const redis = target === 'test:compose' ? {} : findRedis({ kept: target === 'start' });
  const path = `${nodeFolder}${delimiter}${process.env.PATH}`;
  const env = { ...process.env, ...redis, PATH: path };
  run(node, [join(root, 'deploy', 'build.mjs')], { env });
  return runAll(commands[target], env);
}

/** A failure does not keep the next from running; a signal does. */
async function runAll(all, env) {
  let worst = 0;
  for (const command of all) {
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
