import { Redis } from 'ioredis';
import { eventually } from '../eventually.js';
import { freePort } from '../free-port.js';
import { redisContainer } from './container.js';
import type { Engine } from './engine.js';
import { redisProcess } from './process.js';

/** How a server keeps its data, and where. */
export interface RedisOptions {
  /** When an acknowledged write is on disk: at once, or within a second. Default `everysec`. */
  readonly appendfsync?: 'always' | 'everysec';
  /** Folder of the append-only files; default a new one, removed by `stop()`. */
  readonly dir?: string;
  /** Whether it is a node of a cluster, see `startCluster`. Default false. */
  readonly clustered?: boolean;
}

/**
 * Starts a Redis of one's own on a free loopback port: append-only file on, `noeviction`.
 *
 * It is the `redis-server` on the path, or a container of LOCKSTEP_REDIS_IMAGE if that is set.
 *
 * @returns the server, once it answers
 * @throws Error with the server's last lines when it ends instead
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const port = await freePort();
  const server = new RedisServer(port, await engineFor(port, options));
  await server.start();
  return server;
}

async function engineFor(
  port: number,
  { appendfsync = 'everysec', dir, clustered = false }: RedisOptions,
): Promise<Engine> {
  const durable = ['--appendonly', 'yes', '--appendfsync', appendfsync, '--save', ''];
  const node = clustered ? ['--cluster-enabled', 'yes', '--cluster-port', await busPort()] : [];
  const settings = [...durable, '--maxmemory-policy', 'noeviction', ...node];
  const image = process.env['LOCKSTEP_REDIS_IMAGE'];
  const wanted = { port, dir, settings, clustered };
  return image ? redisContainer(image, wanted) : redisProcess(wanted);
}

/** Where the nodes of a cluster speak with each other. */
const busPort = async (): Promise<string> => String(await freePort());

export class RedisServer implements AsyncDisposable {
  readonly url: string;
  #frozen = false;

  constructor(
    readonly port: number,
    private readonly engine: Engine,
  ) {
    this.url = `redis://127.0.0.1:${port}`;
  }

  /** Starts it on the data that it has, and waits until it answers. */
  async start(): Promise<void> {
    await this.engine.start();
    const broken = this.engine.ended().then((lines) => {
      throw new Error(`redis-server ended before it answered:\n${lines}`);
    });
    const answers = eventually(() => this.#ping(), { what: `Redis answers on port ${this.port}` });
    await Promise.race([answers, broken]);
    broken.catch(() => undefined);
  }

  /** Ends it in good order, and removes its data unless `dir` was given. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    await this.engine.remove();
  }

  /** Ends it at once, as a crash does; what reached its files stays. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Kills it and starts it again on the same port with the same data. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  /** Keeps it from running, its connections left open. */
  async freeze(): Promise<void> {
    await this.engine.signal('SIGSTOP');
    this.#frozen = true;
  }

  /** Lets it go on after `freeze()`. */
  async thaw(): Promise<void> {
    await this.engine.signal('SIGCONT');
    this.#frozen = false;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (this.#frozen) await this.thaw();
    await this.engine.signal(signal);
    await this.engine.ended();
  }

  async #ping(): Promise<true> {
    const client = new Redis(this.url, { lazyConnect: true, retryStrategy: () => null });
    client.on('error', () => undefined);
    await client.connect();
    await client.ping();
    await client.quit();
    return true;
  }
}
