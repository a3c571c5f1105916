import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Logger } from 'nestjs-pino';
import { AppModule } from './app.module.js';
import { Arrivals } from './arrival/arrivals.js';
import type { Config } from './config.js';
import { LONGEST_PARAMETER } from './http/names.js';
import { Metrics } from './metrics.js';

/** Starts the outside world. It listens when this returns. */
export async function startServer(config: Config): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(config), adapter, {
    bufferLogs: true,
  });
  app.useLogger(app.get(Logger));
  app.enableShutdownHooks();
  noteArrivals(adapter.getInstance(), app.get(Arrivals));
  measureAnswers(adapter.getInstance(), app.get(Metrics));
  await app.listen(config.LOCKSTEP_HTTP_PORT, config.LOCKSTEP_HTTP_HOST);
  return app;
}

function noteArrivals(fastify: FastifyInstance, arrivals: Arrivals): void {
  const ticking = arrivals.start();
  fastify.addHook('onRequest', (request, _reply, done) => {
    arrivals.note(request.raw);
    done();
  });
  fastify.addHook('onClose', (_fastify, done) => {
    clearInterval(ticking);
    done();
  });
}

function measureAnswers(fastify: FastifyInstance, metrics: Metrics): void {
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    metrics.answered(route, reply.statusCode, reply.elapsedTime / 1_000);
    done();
  });
}
