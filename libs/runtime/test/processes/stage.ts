// What a test of processes has around it: a Redis, the outside world, and services as processes of their own.

import { join } from 'node:path';
import {
  type AnyWorkflow,
  type FailurePolicy,
  mergesOf,
  type WorkflowContract,
} from '@lockstep/contracts';
import {
  type EventType,
  evolveView,
  initialView,
  type RecordedEvent,
  ROLLBACK,
  viewJson,
  type WorkflowId,
} from '@lockstep/kernel';
import {
  HeadReader,
  loadLibrary,
  LogReader,
  Partitions,
  ROOT_TASK,
  type SignalReply,
  type StartPolicy,
  type StartReply,
  Store,
  ViewReader,
  workflowIdOf,
  type WorkflowStatus,
} from '@lockstep/store';
import {
  type CompiledModules,
  compileModules,
  eventually,
  type RedisOptions,
  type RedisServer,
  ServiceGroup,
  type ServiceProcess,
  startRedis,
} from '@lockstep/testing';
import { Redis } from 'ioredis';
import type { Errand, Report } from './team/contracts.js';
import { World } from './world.js';

export type ErrandWorkflow = WorkflowContract<Errand, Report, unknown, unknown>;
export type Env = Readonly<Record<string, string>>;

const TENANT = 'acme';
/** For work that goes through a crash and a takeover, unit ms. */
const PATIENCE_MS = 30_000;

export class Stage implements AsyncDisposable {
  readonly partitions = new Partitions(8);
  /** How long it is waited for what is to happen, unit ms. */
  patienceMs = PATIENCE_MS;

  private constructor(
    readonly server: RedisServer,
    readonly redis: Redis,
    readonly world: World,
    private readonly team: CompiledModules,
    private readonly services: ServiceGroup,
  ) {}

  /** @param team - folder of the agents' modules; default that of `lead` and `helper` */
  static async set(
    options: RedisOptions = {},
    team = join(import.meta.dirname, 'team'),
  ): Promise<Stage> {
    const [server, world, modules] = await Promise.all([
      startRedis(options),
      World.start(),
      compileModules(team),
    ]);
    const redis = new Redis(server.url, { maxRetriesPerRequest: null });
    redis.on('error', () => undefined); // it is killed in some tests, and comes back
    await loadLibrary(redis);
    const services = await ServiceGroup.of({ LOCKSTEP_REDIS_URL: server.url });
    return new Stage(server, redis, world, modules, services);
  }

  get store(): Store {
    return new Store(this.redis, this.partitions);
  }

  /** A process of the role `lead`; without `LOCKSTEP_REDIS_URL` it reaches Redis directly. */
  lead(env: Env = {}): Promise<ServiceProcess> {
    return this.agent('lead', env);
  }

  helper(env: Env = {}): Promise<ServiceProcess> {
    return this.agent('helper', env);
  }

  supervisor(env: Env = {}): Promise<ServiceProcess> {
    return this.service('supervisor', env);
  }

  projector(env: Env = {}): Promise<ServiceProcess> {
    return this.service('projector', env);
  }

  gateway(): Promise<ServiceProcess> {
    const contracts = new URL(`file://${this.team.folder}/contracts.js`).href;
    return this.service('gateway', { LOCKSTEP_CONTRACTS: contracts });
  }

  /** A process of a role of the team, by the name of its module. */
  agent(role: string, env: Env): Promise<ServiceProcess> {
    const main = join(this.team.folder, `${role}.js`);
    return this.services.start(role, main, { LOCKSTEP_WORLD_URL: this.world.url, ...env });
  }

  /** A process of the team that is no service, by the name of its module: nobody knows when it is ready. */
  program(name: string): Promise<ServiceProcess> {
    const main = join(this.team.folder, `${name}.js`);
    return this.services.spawn(name, main, { LOCKSTEP_WORLD_URL: this.world.url });
  }

  /** A process of the project's own, by its folder in `services`. */
  service(folder: string, env: Env): Promise<ServiceProcess> {
    return this.services.service(folder, env);
  }

  /** Starts a workflow under a key: its name, unless `key` is given. */
  async begin(
    workflow: AnyWorkflow | ErrandWorkflow,
    name: string,
    request: object = { name },
  ): Promise<WorkflowId> {
    await this.start(this.store, workflow, name, request);
    return workflowIdOf(TENANT, name);
  }

  /** As {@link begin}, by a store of one's own; answers what that answered. */
  start(
    store: Store,
    { type, version, root, state, policy }: AnyWorkflow | ErrandWorkflow,
    name: string,
    request: object = { name },
  ): Promise<StartReply> {
    const { role, major, inbox } = root;
    const merges = Object.fromEntries(mergesOf(state));
    return store.start({
      ...{
        wf: workflowIdOf(TENANT, name),
        tenant: TENANT,
        type,
        digest: 'd',
        root: ROOT_TASK,
        inbox,
      },
      started: { type, version, tenant: TENANT, root: ROOT_TASK, merges },
      policy: startPolicyOf(policy),
      scheduled: { role, major, name: root.name, version: root.version, by: null, returnTo: null },
      request: JSON.stringify(request),
    });
  }

  /** Sends a waiting workflow a word; the word is the signal's id as well. */
  tell(wf: WorkflowId, word: string): Promise<SignalReply> {
    const meta = { name: 'go', id: word, version: 1 };
    return this.store.signal({ wf, id: word, name: 'go', meta, payload: JSON.stringify({ word }) });
  }

  events(wf: WorkflowId): Promise<RecordedEvent[]> {
    return new LogReader(this.redis, this.partitions).all(wf);
  }

  async eventsOf<T extends EventType>(wf: WorkflowId, type: T): Promise<RecordedEvent<T>[]> {
    const isWanted = (event: RecordedEvent): boolean => event.type === type;
    return (await this.events(wf)).filter(isWanted) as RecordedEvent<T>[];
  }

  async has(wf: WorkflowId, type: EventType): Promise<boolean> {
    return (await this.eventsOf(wf, type)).length > 0;
  }

  /** Waits for an event of this type. */
  happens(wf: WorkflowId, type: EventType): Promise<void> {
    return this.until(`${type} in ${wf}`, () => this.has(wf, type), [wf]);
  }

  /** Waits for the end of a workflow. @returns the lines that it reports */
  async completed(wf: WorkflowId): Promise<readonly string[]> {
    await this.until(`${wf} completes`, () => this.isCompleted(wf), [wf]);
    const result = (await this.events(wf)).findLast(({ type }) => type === 'TaskCompleted');
    return (JSON.parse(result?.data ?? '{}') as Report).lines;
  }

  isCompleted(wf: WorkflowId): Promise<boolean> {
    return this.hasStatus(wf, 'completed');
  }

  async hasStatus(wf: WorkflowId, status: WorkflowStatus): Promise<boolean> {
    const head = await new HeadReader(this.redis, this.partitions).read(wf);
    return head?.status === status;
  }

  /** Waits until the supervisor has seen an agent's connections: whom it never saw, it cannot miss. */
  async watched(agent: ServiceProcess): Promise<void> {
    await this.until(`${agent.spec.name} is registered`, () => this.isRegistered(agent));
    const before = await this.looks();
    const again = async (): Promise<boolean> => (await this.looks()) >= before + 2;
    await this.until('the supervisor has looked at the connections', again);
  }

  /** Asks until it holds. @throws Error with the workflows' logs and the last lines of every process that was not killed */
  async until(
    what: string,
    holds: () => boolean | Promise<boolean>,
    wfs: WorkflowId[] = [],
  ): Promise<void> {
    try {
      await eventually(holds, { what, timeoutMs: this.patienceMs });
    } catch (cause) {
      const stories = await Promise.all(wfs.map((wf) => this.story(wf)));
      const witnesses = this.services.all.filter(({ wasKilled }) => !wasKilled);
      const tails = await Promise.all(witnesses.map((each) => each.tail()));
      throw new Error([`not so: ${what}`, ...stories, ...tails].join('\n'), { cause });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.services[Symbol.asyncDispose]();
    this.redis.disconnect();
    await this.server.stop();
    await this.world[Symbol.asyncDispose]();
    await this.team[Symbol.asyncDispose]();
  }

  /** Waits until the view of a workflow is what its log folds to. */
  async viewed(wf: WorkflowId): Promise<void> {
    const views = new ViewReader(this.redis, this.partitions);
    const folded = viewJson(evolveView(initialView(wf), await this.events(wf)));
    const isFolded = async (): Promise<boolean> => (await views.get(wf))?.body === folded;
    await this.until(`the view of ${wf} is what its log folds to`, isFolded, [wf]);
  }

  private async isRegistered(agent: ServiceProcess): Promise<boolean> {
    const workers = await this.redis.zrange(this.partitions.workers(0), '0', '-1');
    return workers.some((worker) => isOf(agent, worker));
  }

  /** How often anybody looked at the server's connections. */
  private async looks(): Promise<number> {
    const statistics = await this.redis.info('commandstats');
    return Number(/^cmdstat_client\|list:calls=(\d+)/m.exec(statistics)?.[1] ?? 0);
  }

  private async story(wf: WorkflowId): Promise<string> {
    const events = await this.events(wf);
    const lines = events.map(({ atMs, version, type, task, op, epoch, meta }) =>
      [atMs, version, type, task, op, epoch, JSON.stringify(meta)].join(' '),
    );
    return [`--- log of ${wf}`, ...lines].join('\n');
  }
}

function startPolicyOf({ onFailure, escalate, afterRollback }: FailurePolicy): StartPolicy {
  if (!afterRollback) return { onFailure, escalate, after: null };
  const { inbox, role, major, name, version } = afterRollback;
  const returnTo = { task: ROLLBACK, op: 0 };
  const scheduled = { role, major, name, version, by: null, returnTo };
  return { onFailure, escalate, after: { inbox, scheduled } };
}

/** Whether the process made a claim. */
export const isBy = (process: ServiceProcess, { meta }: RecordedEvent<'TaskStarted'>): boolean =>
  isOf(process, meta.worker);

/** A worker's id is `<role>-<pid>-<random>`. */
const isOf = ({ pid }: ServiceProcess, worker: string): boolean =>
  worker.split('-').at(-2) === String(pid);
