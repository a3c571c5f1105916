// A worker without a process: it takes every delivery of its roles and runs it to its release.

import {
  role,
  signal,
  task,
  workflow,
  type AnyTask,
  type WorkflowLimits,
} from '@lockstep/contracts';
import {
  type ClaimId,
  type EventType,
  evolveView,
  initialView,
  type MergeRule,
  type RecordedEvent,
  UNDO,
  type WorkerId,
  type WorkflowId,
  type WorkflowView,
} from '@lockstep/kernel';
import {
  BULK,
  loadLibrary,
  LogReader,
  Partitions,
  randomClaimId,
  randomWorkerId,
  randomWorkflowId,
  ROOT_TASK,
  type StartPolicy,
  Store,
} from '@lockstep/store';
import { startRedis } from '@lockstep/testing';
import { IsInt, IsString } from 'class-validator';
import { Redis } from 'ioredis';
import { ExecutionRunner } from '../src/execution/runner.js';
import { systemClock, type Clock } from '../src/execution/clock.js';
import type { TaskContext } from '../src/context/task-context.js';
import type { Targets } from '../src/targets/targets.js';
import { openTargets } from './open-targets.js';
import { UNCOUNTED } from './uncounted.js';
import type { AnyEffect } from '../src/effects/spec.js';
import { undoTask } from '../src/rollback/undo-task.js';
import {
  type ClaimedTask,
  ClaimLost,
  type TaskHandler,
  type TaskHandlerOptions,
} from '../src/worker/claimed-task.js';

export class Numbered {
  @IsInt() n!: number;
}
export class Text {
  @IsString() text!: string;
}

export const lead = role('lead', { run: task(Numbered, Text) });
export const helper = role('helper', {
  double: task(Numbered, Numbered),
  fail: task(Numbered, Numbered),
  tell: task(Numbered, Text),
});
export const job = workflow('job', { root: lead.run, signals: { go: signal(Text) } });

const ROLES = { lead, helper } as const;

type Handle = (request: never, context: TaskContext) => Promise<unknown>;

interface Handler {
  readonly contract: AnyTask;
  readonly handle: Handle;
  readonly options: Partial<TaskHandlerOptions>;
}

export class Team {
  readonly handlers = new Map<string, Handler>();
  /** What a rollback finds at every role, by action. */
  readonly effects = new Map<string, AnyEffect>();
  readonly worker: WorkerId = randomWorkerId('test', process.pid);
  readonly held = new Map<string, AbortController>();
  /** Claims in order, as `task@epoch`. */
  readonly claims: string[] = [];
  clock: Clock = systemClock;
  /** How long work in flight may go on after a shutdown, unit ms. */
  graceMs = 2000;
  maxHops = 256;
  targets: Targets;

  private constructor(
    private readonly server: Awaited<ReturnType<typeof startRedis>>,
    readonly redis: Redis,
    readonly store: Store,
    readonly log: LogReader,
  ) {
    this.targets = openTargets(store);
  }

  static async start(): Promise<Team> {
    const server = await startRedis();
    const redis = new Redis(server.url);
    await loadLibrary(redis);
    const partitions = new Partitions(1);
    return new Team(server, redis, new Store(redis, partitions), new LogReader(redis, partitions));
  }

  async stop(): Promise<void> {
    await this.redis.quit();
    await this.server.stop();
  }

  on<Request, Result>(
    contract: { readonly role: string; readonly name: string } & AnyTaskOf<Request, Result>,
    handle: (request: Request, context: TaskContext) => Promise<Result>,
    options: Partial<TaskHandlerOptions> = {},
  ): void {
    this.handlers.set(`${contract.role}.${contract.name}`, {
      contract: contract as AnyTask,
      handle,
      options,
    });
  }

  /** Lists effects, so that a rollback finds them. */
  listing(...effects: readonly AnyEffect[]): void {
    for (const effect of effects) this.effects.set(effect.action, effect);
  }

  async begin(
    n = 1,
    {
      merges,
      policy,
      limits,
      tenant = 'acme',
      wf = randomWorkflowId(),
    }: {
      readonly merges?: Readonly<Record<string, MergeRule>>;
      readonly policy?: StartPolicy;
      readonly limits?: WorkflowLimits;
      readonly tenant?: string;
      readonly wf?: WorkflowId;
    } = {},
  ): Promise<WorkflowId> {
    await this.store.heartbeat(0, this.worker, 1, 60_000, []);
    await this.store.start({
      ...{ wf, tenant, type: 'job', digest: 'd', root: ROOT_TASK, inbox: lead.inbox },
      started: {
        ...{ type: 'job', version: 1, tenant, root: ROOT_TASK },
        ...(merges && { merges }),
      },
      scheduled: { role: 'lead', major: 1, name: 'run', version: 1, by: null, returnTo: null },
      request: JSON.stringify({ n }),
      ...(policy && { policy }),
      ...(limits && { limits }),
    });
    return wf;
  }

  /** Takes deliveries until there are none, and fires due timers; returns how many tasks were claimed. */
  async work(): Promise<number> {
    let count = 0;
    for (;;) {
      await this.store.fire(0, 100);
      const claimed = [...(await this.take('lead')), ...(await this.take('helper'))];
      if (claimed.length === 0) return count;
      count += claimed.length;
      await Promise.all(claimed.map((task) => this.run(task)));
    }
  }

  /** It has ended, and its tombstone is gone as well. */
  async forget(wf: WorkflowId): Promise<void> {
    const keys = await this.redis.keys(`*${wf}*`);
    await this.redis.del(...keys);
  }

  /** Goes on with its work when every timer is due. */
  async laterOn(): Promise<void> {
    const timers = this.store.partitions.timers(0);
    for (const member of await this.redis.zrange(timers, '0', '-1')) {
      if (!member.includes('!')) await this.redis.zadd(timers, 0, member);
    }
    await this.work();
  }

  /** Claims everything delivered to a role. */
  async take(name: string): Promise<ClaimedTask[]> {
    const lanes = [`${name}@1`, `${name}@1${BULK}`];
    return (await Promise.all(lanes.map((inbox) => this.takeFrom(inbox)))).flat();
  }

  private async takeFrom(inbox: string): Promise<ClaimedTask[]> {
    const key = this.store.partitions.inbox(0, inbox);
    const found = (await this.redis.xrange(key, '-', '+')).map(([message, [, reference = '']]) => {
      const [wf, task, , dispatch, born] = reference.split(' ');
      return this.claim(inbox, message, wf as WorkflowId, task!, Number(dispatch), Number(born));
    });
    return (await Promise.all(found)).filter((claimed) => claimed !== undefined);
  }

  async run(claimed: ClaimedTask): Promise<void> {
    const scheduled = claimed.history[0] as RecordedEvent<'TaskScheduled'>;
    const { role, name } = scheduled.meta;
    const handler =
      name === UNDO
        ? undoTask(ROLES[role as keyof typeof ROLES], this.effects)
        : this.handlerOf(role, name);
    const { store, log, clock, targets, effects, graceMs, maxHops } = this;
    const quiet = {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
      error: () => undefined,
    };
    const ports = { store, log, clock, targets, effects, logger: quiet };
    const runner = new ExecutionRunner({ ...ports, graceMs, maxHops, events: UNCOUNTED });
    await runner.run(claimed, handler);
  }

  private handlerOf(role: string, name: string): TaskHandler {
    const { contract, handle, options } = this.handlers.get(`${role}.${name}`)!;
    return {
      contract,
      options: { timeoutMs: 30_000, ...options },
      invoke: (request, context): Promise<unknown> => handle(request as never, context),
    };
  }

  /** Keeps what the store holds, and gives what takes it back there: a failover to a replica that lagged behind. */
  async rewinder(): Promise<() => Promise<void>> {
    const keys = await this.redis.keys('*');
    const values = await Promise.all(keys.map((key) => this.redis.dumpBuffer(key)));
    return async () => {
      await this.redis.flushall();
      await Promise.all(keys.map((key, at) => this.redis.restore(key, 0, values[at]!)));
    };
  }

  /** Kills the process of a task: it has lost its claim, and records nothing any more. */
  kill(task = ROOT_TASK as string): void {
    this.held.get(task)!.abort(new ClaimLost('killed'));
  }

  /** Takes back what a killed worker held, as the supervisor does. */
  async reap(): Promise<void> {
    await this.store.reap(0, 100, [this.worker]);
    await this.store.heartbeat(0, this.worker, 2, 60_000, []);
  }

  /** As a person does who wants nothing undone. */
  async cancel(wf: WorkflowId): Promise<void> {
    const why = { reason: 'changed my mind', by: 'ann' };
    await this.store.cancel({ wf, commandId: 'cancel', ...why, rollback: false });
  }

  async status(wf: WorkflowId): Promise<string | null> {
    return this.redis.hget(this.store.partitions.head(wf), 'status');
  }

  /** Types of the events of a log, with the task and operation they belong to. */
  async story(wf: WorkflowId): Promise<string[]> {
    return (await this.log.all(wf)).map(({ type, task, op }) =>
      [type, task, op || ''].join(' ').trim(),
    );
  }

  async eventsOf<T extends EventType>(wf: WorkflowId, type: T): Promise<RecordedEvent<T>[]> {
    const events = await this.log.all(wf);
    return events.filter((event) => event.type === type) as RecordedEvent<T>[];
  }

  /** Types of the events of a log that are about one thing, as `Effect` or `Step`. */
  async typesOf(wf: WorkflowId, prefix: string): Promise<EventType[]> {
    const types = (await this.log.all(wf)).map(({ type }) => type);
    return types.filter((type) => type.startsWith(prefix));
  }

  async view(wf: WorkflowId): Promise<WorkflowView> {
    return evolveView(initialView(wf), await this.log.all(wf));
  }

  /** What the root of a workflow that has just completed answered, JSON text. */
  async answer(wf: WorkflowId): Promise<string | undefined> {
    return (await this.log.all(wf)).at(-2)?.data;
  }

  /** A task's first claim needs no more than what it was asked. */
  private async history(
    wf: WorkflowId,
    born: number,
    dispatch: number,
    startedAt: number,
  ): Promise<RecordedEvent[]> {
    if (dispatch > 1) return this.log.all(wf, born);
    const [scheduled, started] = [
      this.log.all(wf, born, born),
      this.log.all(wf, startedAt, startedAt),
    ];
    return [...(await scheduled), ...(await started)];
  }

  private async claim(
    inbox: string,
    message: string,
    wf: WorkflowId,
    task: string,
    dispatch: number,
    born: number,
  ): Promise<ClaimedTask | undefined> {
    const claim: ClaimId = randomClaimId();
    const { worker } = this;
    const reply = await this.store.claim({
      ...{
        wf,
        task: task as ClaimedTask['task'],
        dispatch,
        claim,
        worker,
        beat: 1,
        inbox,
        message,
        deadlineMs: 30_000,
      },
    });
    if (reply.reply !== 'ok') return undefined;
    this.claims.push(`${task}@${reply.epoch}`);
    const lost = new AbortController();
    this.held.set(task, lost);
    return {
      ...{ wf, task: task as ClaimedTask['task'], claim, epoch: reply.epoch, mode: reply.mode },
      ...{ tenant: reply.tenant, workflowType: reply.type, dispatch, lost: lost.signal },
      onFailure: reply.onFailure,
      limits: reply.limits,
      readAtMs: performance.now(),
      history: await this.history(wf, born, dispatch, reply.startedAt),
      onWoken: () => undefined,
      seen: () => undefined,
    };
  }
}

type AnyTaskOf<Request, Result> = {
  readonly request: new () => Request;
  readonly result: new () => Result;
};
