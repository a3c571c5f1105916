import { join } from 'node:path';
import type { DriverFunctions } from '../driver/main.js';
import { Forked } from '../processes/forked.js';
import { benchMain } from '../project.js';
import type { Setup, System } from './subject.js';

/** Starts the driver of a system, ready to be told how to drive. */
export async function openDriver(
  system: System,
  { redis, kind, walk, keepsEnded, logs, signal }: Setup,
): Promise<Forked<DriverFunctions>> {
  const log = join(logs, `${system}-driver.log`);
  const driver = await Forked.start<DriverFunctions>(benchMain('driver/main'), log, signal);
  await driver.ask.open({ system, redisUrl: redis.url, kind, walk, keepsEnded });
  return driver;
}
