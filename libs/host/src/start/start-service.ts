import 'reflect-metadata';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import type { Environment } from '../config/from-files.js';
import { type ConfigClass, loadConfig } from '../config/load-config.js';
import { ServiceConfig } from '../config/service-config.js';
import { HostModule } from '../host.module.js';
import { refuseToStart } from './refuse.js';
import { answerRequestIds, requestIdOf } from './request-id.js';
import { endSilentConnections } from './silent-connections.js';
import { closeOnSignal } from './shutdown.js';

export interface ServiceOptions<Config extends ServiceConfig> {
  /** As in `gateway`: its name in logs. */
  readonly name: string;
  /** Default `ServiceConfig`. */
  readonly config?: ConfigClass<Config>;
  /** Default: the process's. */
  readonly environment?: Environment;
  /** Largest body of a request that is read. Default 1 MiB. */
  readonly bodyLimitBytes?: number;
  /** Sets up the application before it starts: global pipes and filters, a microservice, OpenAPI. */
  readonly configure?: (app: NestFastifyApplication, config: Config) => void | Promise<void>;
}

export type ServiceModule = Type | DynamicModule;

/** The root of every service's modules. */
@Module({})
class Service {}

const SHUTDOWN_MS = 15_000;
const MIB = 1024 * 1024;

/**
 * Makes a service of a Nest module and listens; a process's `main.ts` calls {@link startService}.
 *
 * @throws InvalidSettings when the environment does not fit
 */
export async function createService<Config extends ServiceConfig>(
  module: ServiceModule,
  options: ServiceOptions<Config>,
  onBuilt: (app: NestFastifyApplication) => void = () => undefined,
): Promise<NestFastifyApplication> {
  const config = loadConfig(
    options.config ?? (ServiceConfig as ConfigClass<Config>),
    options.environment ?? process.env,
  );
  const app = await build(module, options, config);
  onBuilt(app);
  try {
    await options.configure?.(app, config);
    await listen(app, config);
    return app;
  } catch (error) {
    await app.close();
    throw error;
  }
}

/**
 * Runs a service until a signal ends it. What keeps it from starting is told in one sentence, and the process
 * ends with status 1.
 */
export async function startService<Config extends ServiceConfig>(
  module: ServiceModule,
  options: ServiceOptions<Config>,
): Promise<void> {
  try {
    await createService(module, options, (app) => {
      closeOnSignal(app, app.get(Logger), { withinMs: SHUTDOWN_MS });
    });
  } catch (error) {
    refuseToStart(options.name, error);
  }
}

async function build<Config extends ServiceConfig>(
  module: ServiceModule,
  options: ServiceOptions<Config>,
  config: Config,
): Promise<NestFastifyApplication> {
  const host = HostModule.forRoot({ name: options.name, config });
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: Service, imports: [host, module] },
    adapterOf(options),
    { bufferLogs: true, abortOnError: false },
  );
  app.useLogger(app.get(Logger));
  app.flushLogs();
  return app;
}

/** Health can be asked for before the first work comes in. */
async function listen(
  app: NestFastifyApplication,
  { httpPort, httpHost }: ServiceConfig,
): Promise<void> {
  await app.listen(httpPort, httpHost);
  app.get(Logger).log({ msg: 'listening', url: await app.getUrl() });
  await app.startAllMicroservices();
}

function adapterOf({ bodyLimitBytes = MIB }: { readonly bodyLimitBytes?: number }): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: 'idle',
    genReqId: requestIdOf,
  });
  answerRequestIds(adapter.getInstance());
  endSilentConnections(adapter.getInstance());
  return adapter;
}
