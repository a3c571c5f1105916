import { join } from 'node:path';
import { ServiceProcess } from '@lockstep/testing';
import type { JobKind } from '../jobs/jobs.js';
import { sum } from 'simple-statistics';
import { cpuSecondsOf } from '../processes/cpu-of.js';
import { benchMain, COMPILE_CACHE, serviceMain } from '../project.js';
import { openDriver } from './open-driver.js';
import type { Setup, Subject } from './subject.js';

/** As far as `LOCKSTEP_CONCURRENCY` goes. */
const MOST_PLACES = 1000;

const ROLES: Record<JobKind, readonly string[]> = {
  walk: ['walker'],
  relay: ['leg-1', 'leg-2', 'leg-3', 'leg-4', 'leg-5'],
  share: ['lead', 'helper'],
};

/** Supervisor, projector and the agents of the job, each a process of its own, and the driver. */
export async function openLockstep(setup: Setup): Promise<Subject> {
  await using stack = new AsyncDisposableStack();
  const start = async (name: string, main: string, env = {}): Promise<ServiceProcess> =>
    stack.use(await startService(setup, name, main, { ...counting, ...env }));
  const counting = { LOCKSTEP_METRICS: String(setup.metrics) };
  const places = String(Math.min(setup.concurrency, MOST_PLACES));
  const [supervisor, projector, ...workers] = await Promise.all([
    start('supervisor', serviceMain('supervisor')),
    start('projector', serviceMain('projector')),
    ...replicated(ROLES[setup.kind], setup.replicas).map(({ role, name }) =>
      start(name, benchMain(`lockstep/agents/${role}`), { LOCKSTEP_CONCURRENCY: places }),
    ),
  ]);
  const driver = stack.use(await openDriver('lockstep', setup));
  const opened = stack.move();
  const cpuSecondsByWorker = () => Promise.all(workers.map(cpuOf));
  return {
    driver: driver.ask,
    workers,
    cpuSecondsByWorker,
    cpuSeconds: async () => ({
      workers: sum(await cpuSecondsByWorker()),
      supervisor: await cpuOf(supervisor),
      projector: await cpuOf(projector),
      driver: await driver.ask.cpuSeconds(),
    }),
    scrape: async () => {
      const all = [supervisor, projector, ...workers].filter(({ isRunning }) => isRunning);
      await Promise.all(all.map(({ url }) => fetch(new URL('/metrics', url)).then(textOf)));
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const replicated = (roles: readonly string[], replicas: number) =>
  roles.flatMap((role) =>
    Array.from({ length: replicas }, (_, at) => ({
      role,
      name: at === 0 ? role : `${role}-again-${at}`,
    })),
  );

const textOf = (answer: Response): Promise<string> => answer.text();

/** By the kernel where it tells, so that asking costs the process nothing. */
function cpuOf(service: ServiceProcess): Promise<number> {
  if (!service.isRunning) return Promise.resolve(0);
  if (process.platform === 'linux') return cpuSecondsOf(service.pid);
  return service.metric('process_cpu_seconds_total');
}

/** Starts a service on the setup's Redis. @throws Error with its last lines when it ends instead */
export async function startService(
  { redis, logs, signal }: Pick<Setup, 'redis' | 'logs' | 'signal'>,
  name: string,
  main: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ServiceProcess> {
  const log = join(logs, `${name}.log`);
  const all = { LOCKSTEP_REDIS_URL: redis.url, NODE_COMPILE_CACHE: COMPILE_CACHE, ...env };
  signal.throwIfAborted();
  const service = await ServiceProcess.spawn({ name, main, log, env: all });
  try {
    await service.ready();
    return service;
  } catch (error) {
    await service[Symbol.asyncDispose]();
    throw error;
  }
}
