import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, EngineOptions } from './engine.js';

/** Redis as a child process, by the `redis-server` on the path. */
export async function redisProcess({ port, dir, settings }: EngineOptions): Promise<Engine> {
  const folder = dir ?? (await mkdtemp(join(tmpdir(), 'lockstep-redis-')));
  const args = ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...settings];
  let child: ChildProcess | undefined;
  let output = '';
  // A test run that breaks off leaves no server behind.
  process.once('exit', () => child?.kill('SIGKILL'));

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
