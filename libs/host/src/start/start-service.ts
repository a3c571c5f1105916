import 'reflect-metadata';
import { type DynamicModule, type ExecutionContext, Module, type Type } from '@nestjs/common';
import { LockstepError } from '@lockstep/contracts';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import { type ConfigClass, type Environment, loadConfig } from '../config/load-config.js';
import { ServiceConfig } from '../config/service-config.js';
import { HostModule } from '../host.module.js';
import { answerRequestIds, requestIdOf } from './request-id.js';
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
  /** What every line says that is logged while a message is handled. */
  readonly messageBindings?: (context: ExecutionContext) => object;
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
): Promise<NestFastifyApplication> {
  const { name, messageBindings, configure } = options;
  const config = loadConfig(
    options.config ?? (ServiceConfig as ConfigClass<Config>),
    options.environment ?? process.env,
  );
  const host = HostModule.forRoot({ name, config, messageBindings });
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: Service, imports: [host, module] },
    adapterOf(options),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest types its options by a class
    { bufferLogs: true, abortOnError: false },
  );
  app.useLogger(app.get(Logger));
  app.flushLogs();
  await configure?.(app, config);
  await app.listen(config.httpPort, config.httpHost);
  app.get(Logger).log({ msg: 'listening', url: await app.getUrl() });
  return app;
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
    const app = await createService(module, options);
    closeOnSignal(app, app.get(Logger), { withinMs: SHUTDOWN_MS });
  } catch (error) {
    process.stderr.write(`${options.name} cannot start: ${reasonOf(error)}\n`);
    process.exit(1);
  }
}

/** A stack says nothing about an error that we throw on purpose, and all about one that we do not. */
function reasonOf(error: unknown): string {
  if (error instanceof LockstepError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function adapterOf({ bodyLimitBytes = MIB }: { readonly bodyLimitBytes?: number }): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: bodyLimitBytes,
    forceCloseConnections: 'idle',
    genReqId: requestIdOf,
  });
  answerRequestIds(adapter.getInstance());
  return adapter;
}
