// A clean end.
//
//   D1. The first SIGTERM or SIGINT closes the application: it takes no more work and hands back what it has.
//   D2. It has a bounded time for that; past it the process ends with status 1.
//   D3. The second signal ends the process at once.

import { constants } from 'node:os';
import type { INestApplicationContext, LoggerService } from '@nestjs/common';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

export interface ShutdownOptions {
  /** How long closing may take, unit ms. */
  readonly withinMs: number;
}

export function closeOnSignal(
  app: INestApplicationContext,
  logger: LoggerService,
  { withinMs }: ShutdownOptions,
): void {
  let closing = false;
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    if (closing) process.exit(128 + constants.signals[signal]); // D3
    closing = true;
    logger.log(`${signal}: ending`);
    void close(app, logger, withinMs).then((status) => process.exit(status));
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

async function close(
  app: INestApplicationContext,
  logger: LoggerService,
  withinMs: number,
): Promise<0 | 1> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(`not closed within ${withinMs} ms`)); // D2
  }, withinMs);
  try {
    await Promise.race([app.close(), late.promise]);
    return 0;
  } catch (error) {
    logger.error(error instanceof Error ? error : String(error));
    return 1;
  } finally {
    clearTimeout(timer);
  }
}
