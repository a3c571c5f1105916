import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, EngineOptions } from './engine.js';

/** A test run that breaks off leaves no server behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Redis as a child process, by the `redis-server` on the path. */
export async function redisProcess({ port, dir, settings }: EngineOptions): Promise<Engine> {
  const folder = dir ?? (await mkdtemp(join(tmpdir(), 'lockstep-redis-')));
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...settings];
  let child: ChildProcess | undefined;
  let output = '';

  return {
    start() {
      // Detached: Ctrl-C at the terminal is for whoever uses the server, not for the server.
      const started = spawn('redis-server', args, {
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      started.stdout.on(
        'data',
        (text: Buffer) => (output = `${output}${text.toString()}`.slice(-2_000)),
      );
      running.add(started);
      started.once('exit', () => running.delete(started));
      child = started;
      return once(started, 'spawn').then(() => undefined);
    },
    signal(name) {
      child?.kill(name);
      return Promise.resolve();
    },
    async ended() {
      if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      return output;
    },
    async remove() {
      if (dir === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
