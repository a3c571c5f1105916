import { type DynamicModule, Global, Module, type Provider } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { ServiceConfig } from './config/service-config.js';
import { HealthController } from './health/health.controller.js';
import { Health } from './health/health.js';
import { Loops } from './health/loops.js';
import { loggingOf } from './logging/logging.js';
import { MetricsController } from './metrics/metrics.controller.js';
import { Metrics } from './metrics/metrics.js';
import { RedisConnections } from './store/redis-connections.js';

export interface HostOptions {
  /** The service's name in logs. */
  readonly name: string;
  /** Provided under `ServiceConfig` and under its own class. */
  readonly config: ServiceConfig;
}

const PARTS = [Health, Loops, RedisConnections];

const METRICS: Provider = {
  provide: Metrics,
  useFactory: ({ metrics }: ServiceConfig) => new Metrics(metrics),
  inject: [ServiceConfig],
};

/** What every service has: settings, logs, metrics and health; everywhere without an import. */
@Global()
@Module({})
export class HostModule {
  static forRoot({ name, config }: HostOptions): DynamicModule {
    const configs = [...new Set([ServiceConfig, config.constructor as typeof ServiceConfig])];
    return {
      module: HostModule,
      imports: [LoggerModule.forRoot(loggingOf({ name, level: config.logLevel }))],
      controllers: [HealthController, MetricsController],
      providers: [...PARTS, METRICS, ...configs.map((of) => ({ provide: of, useValue: config }))],
      exports: [...PARTS, Metrics, ...configs],
    };
  }
}
