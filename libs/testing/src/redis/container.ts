import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Engine, EngineOptions, Signal } from './engine.js';

const run = promisify(execFile);
const docker = async (...args: string[]) => (await run('docker', args)).stdout.trim();

const commandOf: Record<Signal, string[]> = {
  SIGTERM: ['stop'],
  SIGKILL: ['kill'],
  SIGSTOP: ['pause'],
  SIGCONT: ['unpause'],
};

/** Redis as a container of `image`, for machines that have Docker and no `redis-server`. */
export async function redisContainer(
  image: string,
  { port, dir, settings, clustered }: EngineOptions,
): Promise<Engine> {
  const volume = dir === undefined ? [] : ['--volume', `${dir}:/data`];
  const network = clustered ? ['--network', 'host'] : ['--publish', `127.0.0.1:${port}:6379`];
  const listens = clustered ? ['--bind', '127.0.0.1', '--port', String(port)] : [];
  const server = ['redis-server', ...listens, ...settings];
  const id = await docker('create', ...network, ...volume, image, ...server);
  return {
    async start() {
      await docker('start', id);
    },
    async signal(name) {
      await docker(...commandOf[name], id);
    },
    async ended() {
      await docker('wait', id);
      return docker('logs', '--tail', '20', id);
    },
    async remove() {
      await docker('rm', '--force', '--volumes', id);
    },
  };
}
