import type { IncomingMessage } from 'node:http';
import { RequestMethod } from '@nestjs/common';
import type { Params } from 'nestjs-pino';
import { currentBindings } from './work-bindings.js';

export interface LoggingOptions {
  /** Of the service. */
  readonly name: string;
  readonly level: string;
}

// Whoever may read the logs may not act in somebody's name.
const SECRETS = [
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["x-api-key"]',
  'res.headers["set-cookie"]',
  '*.password',
  '*.apiKey',
  '*.token',
];
// The default of nestjs-pino matches no path under Fastify.
const ANY_PATH = [{ path: '{*splat}', method: RequestMethod.ALL }];
const PROBES = ['/metrics', '/health/'];

/** Pino's settings: JSON lines, levels by name, no secrets, and no line for a probe that asks again and again. */
export function loggingOf({ name, level }: LoggingOptions): Params {
  return {
    forRoutes: ANY_PATH,
    pinoHttp: {
      name,
      level,
      useLevel: 'debug',
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRETS, censor: '(hidden)' },
      autoLogging: { ignore: isProbe },
      mixin: currentBindings,
    },
  };
}

/** A middleware sees `url` without the path that it is mounted on. */
const isProbe = ({ originalUrl }: IncomingMessage & { readonly originalUrl?: string }): boolean =>
  PROBES.some((path) => originalUrl?.startsWith(path) === true);
