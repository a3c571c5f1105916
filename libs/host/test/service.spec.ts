import { once } from 'node:events';
import { connect, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  createService,
  Health,
  InvalidSettings,
  Metrics,
  type ServiceOptions,
} from '../src/index.js';

@Module({})
class Empty {}

describe('a service', () => {
  let app: NestFastifyApplication | undefined;
  const start = async (options: Partial<ServiceOptions<never>> = {}) => {
    const environment = { LOCKSTEP_LOG_LEVEL: 'silent' };
    app = await createService(Empty, { name: 'test', environment, ...options });
    return app;
  };
  const get = async (path: string, headers: Record<string, string> = {}) =>
    fetch(new URL(path, await app!.getUrl()), { headers });

  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  it('is live and ready when no part of it says otherwise', async () => {
    await start();
    expect(await (await get('/health/live')).json()).toEqual({ ok: true, checks: { loops: 'ok' } });
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('is not live while a loop is stuck, and says which', async () => {
    const health = (await start()).get(Health);
    health.liveWhile('deliveries', () => {
      throw new Error('no turn for 12000 ms');
    });
    const answer = await get('/health/live');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ checks: { deliveries: 'no turn for 12000 ms' } });
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('is not ready while a part does not answer in time', async () => {
    const health = (await start()).get(Health);
    health.readyWhen('redis', () => new Promise(() => undefined));
    const answer = await get('/health/ready');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ checks: { redis: 'no answer within 1000 ms' } });
  });

  it('serves its metrics and those of the process', async () => {
    const metrics = (await start()).get(Metrics);
    metrics.counter('append', 'appends', { labels: ['reply'] }).inc({ reply: 'ok' });
    metrics.gauge('tasks_running', 'tasks', () => 3);
    const text = await (await get('/metrics')).text();
    expect(text).toContain('lockstep_append_total{reply="ok"} 1');
    expect(text).toContain('lockstep_tasks_running 3');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('G7: has no metric with a label that tells whose work it is', async () => {
    const metrics = (await start()).get(Metrics);
    expect(() => metrics.counter('append', 'appends', { labels: ['tenant'] })).toThrow(
      'a metric cannot have the label tenant',
    );
  });

  it('answers a request with the id that it came with, or with a new one', async () => {
    await start();
    const id = 'caller-7';
    expect((await get('/health/live', { 'x-request-id': id })).headers.get('x-request-id')).toBe(
      id,
    );
    const made = (await get('/health/live', { 'x-request-id': 'no good' })).headers.get(
      'x-request-id',
    );
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('ends at once although a client holds a connection on which it asked nothing', async () => {
    const app = await start();
    const socket = connect(Number(new URL(await app.getUrl()).port), '127.0.0.1');
    const closed = once(socket, 'close');
    socket.resume();
    await once(app.getHttpServer() as Server, 'connection');
    await app.close();
    await closed;
  });

  it('does not start with settings that do not fit', async () => {
    const environment = { LOCKSTEP_HTTP_PORT: 'http', LOCKSTEP_PARTITIONS: '0' };
    await expect(start({ environment })).rejects.toThrow(InvalidSettings);
  });
});
