import { createService } from '@lockstep/host';
import { type RedisOptions, type RedisServer, startRedis } from '@lockstep/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { loadLibrary, Partitions, Store } from '@lockstep/store';
import { Redis } from 'ioredis';
import { GatewayModule } from '../src/gateway.module.js';
import { gatewayService } from '../src/service.js';
import { project } from './projector.js';
import { Worker } from './worker.js';

const CONTRACTS = new URL('./job.contracts.ts', import.meta.url).href;

export const ACME = 'acme-key-0123456789';
export const RIVAL = 'rival-key-0123456789';
/** Of the tenant of {@link ACME}. */
export const OPERATOR = 'operator-key-0123456789';

/** A gateway over a real Redis, and a worker that does what a test says. */
export class Fixture {
  private constructor(
    readonly server: RedisServer,
    readonly redis: Redis,
    readonly store: Store,
    readonly gateway: NestFastifyApplication,
    readonly url: string,
  ) {}

  static async start(
    keys = `${ACME}=acme,${RIVAL}=rival,${OPERATOR}=acme+operator`,
    options: RedisOptions = {},
  ): Promise<Fixture> {
    const server = await startRedis(options);
    const gateway = await createService(GatewayModule, {
      ...gatewayService,
      environment: {
        LOCKSTEP_REDIS_URL: server.url,
        LOCKSTEP_CONTRACTS: CONTRACTS,
        LOCKSTEP_API_KEYS: keys,
        LOCKSTEP_LOG_LEVEL: 'fatal',
      },
    });
    const redis = new Redis(server.url);
    await loadLibrary(redis);
    const store = new Store(redis, new Partitions(8));
    return new Fixture(server, redis, store, gateway, await gateway.getUrl());
  }

  async stop(): Promise<void> {
    await this.gateway.close();
    this.redis.disconnect();
    await this.server.stop();
  }

  /** @returns the version that the view has now */
  project(id: string): Promise<number> {
    return project(this.redis, this.store, id);
  }

  worker(): Worker {
    return new Worker(this.store);
  }

  /** A request as tenant acme, unless `as` is another key; '' sends none. */
  async request(
    method: string,
    path: string,
    {
      body,
      as = ACME,
      headers = {},
      signal,
    }: {
      body?: unknown;
      as?: string;
      headers?: Record<string, string>;
      signal?: AbortSignal;
    } = {},
  ): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(as !== '' && { authorization: `Bearer ${as}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
  }

  get(path: string, options: Parameters<Fixture['request']>[2] = {}): Promise<Response> {
    return this.request('GET', path, options);
  }

  post(path: string, body?: unknown, options: Parameters<Fixture['request']>[2] = {}) {
    return this.request('POST', path, { ...options, ...(body !== undefined && { body }) });
  }

  /** Starts a workflow of type `job`; answers its id. */
  async startJob(options: Parameters<Fixture['request']>[2] = {}): Promise<string> {
    const reply = await this.post(
      '/v1/workflows',
      { type: 'job', request: { orderId: '#W1' } },
      options,
    );
    return ((await reply.json()) as { id: string }).id;
  }
}
