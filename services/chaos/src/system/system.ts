import { join } from 'node:path';
import { freePort, type ProcessSpec } from '@lockstep/testing';
import { ROLES } from '../programs/program.js';
import { chaosModule, COMPILE_CACHE, serviceMain } from '../project.js';

/** Of the store; whoever looks into it must know. */
export const PARTITIONS = 8;
export const TENANT = 'default';

/** Services that each reach Redis on a way of their own, which can be disturbed. */
export const SERVICES = ['gateway', 'supervisor', 'projector', ...ROLES] as const;
export type Service = (typeof SERVICES)[number];

const REPLICAS: Readonly<Record<Service, number>> = {
  ...{ gateway: 1, supervisor: 2, projector: 2 },
  ...{ north: 2, east: 2, south: 2 },
};

/** Short, so that a freeze of some seconds outlasts them. */
const LEASES = {
  LOCKSTEP_LEASE_MS: '4000',
  LOCKSTEP_HEARTBEAT_MS: '500',
  LOCKSTEP_PROJECTOR_LEASE_MS: '2000',
};
/** Dies and is killed more often than a poisonous task would have to. */
const CRASH_BUDGET = { LOCKSTEP_CRASH_BUDGET: '50' };

export interface Surroundings {
  /** Of the processes' output. */
  readonly logs: string;
  readonly shopUrl: string;
  /** Where each service reaches Redis. */
  readonly redisUrl: (service: Service) => string;
}

/** The bank, which programs act on. @param rate - part of its calls that meet a fault, 0 to 1 */
export const shopSpec = (
  logs: string,
  data: string,
  rate: number,
  seed: number,
): Promise<ProcessSpec> =>
  spec('shop', 'shop-1', serviceMain('shop'), logs, {
    SHOP_DATA_DIR: data,
    SHOP_FAULT_RATE: String(rate),
    SHOP_FAULT_SEED: String(seed),
    LOCKSTEP_LOG_LEVEL: 'warn',
  });

/** Every process of the system itself. */
export function systemSpecs(around: Surroundings): Promise<ProcessSpec[]> {
  const specs = SERVICES.flatMap((service) =>
    Array.from({ length: REPLICAS[service] }, (_, at) => specOf(service, at + 1, around)),
  );
  return Promise.all(specs);
}

function specOf(service: Service, replica: number, around: Surroundings): Promise<ProcessSpec> {
  const name = `${service}-${replica}`;
  const isAgent = (ROLES as readonly string[]).includes(service);
  const main = isAgent ? chaosModule(`agents/${service}`) : serviceMain(service);
  const clock = `--import=${new URL(`file://${chaosModule('clock/jumping-clock')}`).href}`;
  return spec(service, name, main, around.logs, {
    ...LEASES,
    ...CRASH_BUDGET,
    LOCKSTEP_REDIS_URL: around.redisUrl(service),
    LOCKSTEP_PARTITIONS: String(PARTITIONS),
    LOCKSTEP_SHOP_URL: around.shopUrl,
    LOCKSTEP_CONTRACTS: new URL(`file://${chaosModule('programs/contracts')}`).href,
    LOCKSTEP_API_KEYS: '', // keys that the terminal's environment holds are for another gateway
    NODE_OPTIONS: clock,
  });
}

async function spec(
  service: string,
  name: string,
  main: string,
  logs: string,
  env: Readonly<Record<string, string>>,
): Promise<ProcessSpec> {
  const port = await freePort();
  const http = { LOCKSTEP_HTTP_HOST: '127.0.0.1', LOCKSTEP_HTTP_PORT: String(port) };
  const log = join(logs, `${name}.log`);
  return {
    service,
    name,
    main,
    port,
    log,
    env: { ...env, ...http, NODE_COMPILE_CACHE: COMPILE_CACHE },
  };
}
