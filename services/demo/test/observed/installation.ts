import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wholeRetailJob, retailJob } from '@lockstep/retail/contracts';
import {
  freePort,
  type RedisServer,
  ServiceGroup,
  type ServiceProcess,
  startRedis,
} from '@lockstep/testing';
import pMap from 'p-map';
import { readDataset, type RecordedJob } from '../../src/data/dataset.js';
import { GatewayClient, type JobEnd } from '../../src/feed/gateway-client.js';
import { ROLES } from '../../src/processes/system.js';
import { SAMPLE } from '../../src/project.js';

type Env = Readonly<Record<string, string>>;

/** Every service of the sample once, each a process of its own. */
export class Installation implements AsyncDisposable {
  private started = 0;

  private constructor(
    private readonly redis: RedisServer,
    private readonly group: ServiceGroup,
    private readonly shopUrl: string,
    private readonly data: string,
    private readonly jobs: readonly RecordedJob[],
  ) {}

  /** @param env - of every service */
  static async start(env: Env = {}): Promise<Installation> {
    const [redis, data, port] = await Promise.all([
      startRedis(),
      mkdtemp(join(tmpdir(), 'lockstep-shop-')),
      freePort(),
    ]);
    const group = await ServiceGroup.of({ LOCKSTEP_REDIS_URL: redis.url, ...env });
    const { jobs } = await readDataset(SAMPLE);
    const installation = new Installation(redis, group, `http://127.0.0.1:${port}`, data, jobs);
    const shop = {
      SHOP_DATA_DIR: data,
      SHOP_INITIAL_DIR: SAMPLE,
      LOCKSTEP_HTTP_PORT: String(port),
    };
    const others = ['gateway', 'supervisor', 'projector'].map((name) => group.service(name));
    const roles = ROLES.map((role) => installation.role(role));
    await Promise.all([group.service('shop', shop), ...others, ...roles]);
    return installation;
  }

  /** Starts a process of a role. */
  role(name: string): Promise<ServiceProcess> {
    return this.group.service(`agents/${name}`, { LOCKSTEP_SHOP_URL: this.shopUrl });
  }

  /** Those that run, by the name of their service. */
  get running(): readonly (readonly [service: string, process: ServiceProcess])[] {
    return this.group.all
      .filter(({ isRunning }) => isRunning)
      .map((each) => [each.spec.name.replace(/-\d+$/, ''), each] as const);
  }

  /** @throws RangeError when no such service runs */
  one(service: string): ServiceProcess {
    const found = this.running.find(([name]) => name === service);
    if (!found) throw new RangeError(`${service} does not run`);
    return found[1];
  }

  /** Runs jobs of the sample, some at a time, each in a database of its own. */
  run(count: number): Promise<JobEnd[]> {
    const wanted = Array.from({ length: count }, (_, at) => this.jobs[at % this.jobs.length]!);
    return pMap(wanted, (job) => this.runJob(job), { concurrency: 8 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.group[Symbol.asyncDispose]();
    await this.redis.stop();
    await rm(this.data, { recursive: true });
  }

  private runJob({ id: job, userId, actions, allOrNothing }: RecordedJob): Promise<JobEnd> {
    this.started += 1;
    const database = `observed-${this.started}`;
    const gateway = new GatewayClient(this.one('gateway').url, AbortSignal.timeout(120_000));
    const request = { job, database, userId, actions: [...actions] };
    return gateway.run(database, allOrNothing ? wholeRetailJob : retailJob, request);
  }
}
