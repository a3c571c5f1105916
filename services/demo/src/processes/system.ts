import { join } from 'node:path';
import { freePort, portFrom, type ProcessSpec } from '@lockstep/testing';
import { COMPILE_CACHE, mainOf } from '../project.js';
import type { Run } from '../run/run-folder.js';

export const ROLES = ['concierge', 'orders', 'payments', 'profile', 'catalog', 'notifier'] as const;

/** Of the store; whoever looks into it must know. */
export const PARTITIONS = 8;

const GATEWAY_PORT = 7400;

/** What every process of the system is told. */
export interface Surroundings {
  readonly run: Run;
  readonly redisUrl: string;
  readonly shopUrl: string;
}

export interface OutsideWorld {
  readonly run: Run;
  /** Of the initial database. */
  readonly initialFolder: string;
  /** Part of its calls that meet a fault, 0 to 1. */
  readonly faultRate: number;
  readonly seed: number;
}

/** The shop, the bank and the mail; not killed, for it stands for what others run. */
export async function shopSpec(world: OutsideWorld): Promise<ProcessSpec> {
  const { run, initialFolder, faultRate, seed } = world;
  return spec(run, 'shop', 'shop', {
    SHOP_DATA_DIR: join(run.folder, 'shop'),
    SHOP_INITIAL_DIR: initialFolder,
    SHOP_FAULT_RATE: String(faultRate),
    SHOP_FAULT_SEED: String(seed),
  });
}

/** A shop that nothing disturbs, to see what jobs leave that are done in order. */
export const referenceSpec = (run: Run, initialFolder: string): Promise<ProcessSpec> =>
  spec(run, 'reference', 'shop', {
    SHOP_DATA_DIR: join(run.folder, 'reference'),
    SHOP_INITIAL_DIR: initialFolder,
  });

/** Every process of the system itself: gateway, projector, supervisor and each role twice. */
export async function systemSpecs(around: Surroundings): Promise<ProcessSpec[]> {
  const { run, redisUrl, shopUrl } = around;
  const env = { LOCKSTEP_REDIS_URL: redisUrl, LOCKSTEP_PARTITIONS: String(PARTITIONS) };
  const teamEnv = { ...env, LOCKSTEP_SHOP_URL: shopUrl };
  const gatewayEnv = {
    ...env,
    LOCKSTEP_CONTRACTS: '@lockstep/retail/contracts',
    LOCKSTEP_API_KEYS: '', // keys that the terminal's environment holds are for another gateway
  };
  return Promise.all([
    spec(run, 'gateway', 'gateway', gatewayEnv, await portFrom(GATEWAY_PORT)),
    spec(run, 'projector', 'projector', env),
    ...replicas(2, (n) => spec(run, 'supervisor', 'supervisor', env, undefined, n)),
    ...ROLES.flatMap((role) =>
      replicas(2, (n) => spec(run, role, `agents/${role}`, teamEnv, undefined, n)),
    ),
  ]);
}

const replicas = <One>(count: number, one: (n: number) => One): One[] =>
  Array.from({ length: count }, (_, at) => one(at + 1));

async function spec(
  { logs }: Run,
  service: string,
  folder: string,
  env: Readonly<Record<string, string>>,
  fixedPort?: number,
  replica = 1,
): Promise<ProcessSpec> {
  const port = fixedPort ?? (await freePort());
  const name = `${service}-${replica}`;
  const http = { LOCKSTEP_HTTP_HOST: '127.0.0.1', LOCKSTEP_HTTP_PORT: String(port) };
  return {
    service,
    name,
    main: mainOf(folder),
    port,
    env: { ...env, ...http, NODE_COMPILE_CACHE: COMPILE_CACHE },
    log: join(logs, `${name}.log`),
  };
}
