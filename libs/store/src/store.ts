// One method an operation: the name of the Lua file, of the function, and of the metric.

import type { RollbackCause } from '@lockstep/contracts';
import type { Redis } from 'ioredis';
import type {
  ErrorChain,
  EventMeta,
  NewEvent,
  Version,
  WorkerId,
  WorkflowId,
} from '@lockstep/kernel';
import { callFunction, type Reply } from './function-call.js';
import { LIBRARY } from './library.js';
import type { Partitions } from './keys.js';
import { LedgerStore } from './ledger.js';
import { encodeAppend, type Append } from './append.js';
import {
  DEFAULT_LIMITS,
  type AppendReply,
  type CancelReply,
  type ClaimReply,
  type ClaimTask,
  type EndWorkflow,
  type FireReply,
  type DrainOrder,
  type DrainReply,
  type HeartbeatReply,
  type HeldTask,
  type LeaseReply,
  type ReachedLimits,
  type ResumeReply,
  type Retirement,
  type RetirementTimes,
  type RetireReply,
  type Signal,
  type SignalReply,
  type StartReply,
  type StartWorkflow,
  type StoreLimits,
  type View,
  type WorkerAbout,
  type WorkflowStatus,
} from './operations.js';
import { Batches } from './batches.js';
import { checkAppend, checkId, checkPayload, checkTenant } from './limits.js';
import { appendReply, claimReply, endReply, limitWords, memberOf, policyWords } from './replies.js';
import { TargetStore } from './targets.js';

/** The consumer group of every inbox. */
export const GROUP = 'lockstep';

/**
 * The operations of the store. Each is atomic, and safe to repeat with the same arguments when its reply
 * was lost (S12).
 */
export class Store {
  /** What is asked before work acts at a target. */
  readonly targets: TargetStore;
  /** What became of effects, across workflows. */
  readonly ledger: LedgerStore;
  private readonly appends = new Batches<EncodedAppend, string>({
    groupOf: ({ wf }) => this.partitions.of(wf),
    weigh: ({ lines }) => lines.reduce((sum, line) => sum + line.length, 0),
    send: (appends) => this.sendAppends(appends),
  });
  private readonly claims = new Batches<ClaimTask, Reply>({
    groupOf: ({ wf, worker, beat, inbox }) => `${this.feedOf(wf)} ${worker} ${beat} ${inbox}`,
    weigh: () => 0,
    send: (claims) => this.sendClaims(claims),
  });

  constructor(
    private readonly redis: Redis,
    readonly partitions: Partitions,
    readonly limits: StoreLimits = DEFAULT_LIMITS,
    private readonly library: string = LIBRARY,
  ) {
    this.targets = new TargetStore(redis, library);
    this.ledger = new LedgerStore(redis, limits, library);
  }

  /**
   * Creates a workflow if its id is new.
   *
   * @throws InvalidName, PayloadTooLarge
   * @see functions/start.lua
   */
  async start(s: StartWorkflow): Promise<StartReply> {
    checkTenant(s.tenant);
    checkPayload('the request', s.request);
    const args = [
      s.wf,
      s.tenant,
      s.type,
      s.digest,
      s.root,
      s.inbox,
      s.scheduled.name,
      json(s.started),
      json(s.scheduled),
      s.request,
      ...policyWords(s.policy),
      limitWords(s.limits),
    ];
    const [reply, version, status] = await this.call('start', this.feedOf(s.wf), args);
    if (reply === 'ok') return { reply, version: Number(version) };
    if (reply === 'duplicate')
      return { reply, version: Number(version), status: status as WorkflowStatus };
    return { reply: 'conflict' };
  }

  /**
   * Takes a delivered task under a claim that the worker picked.
   *
   * @throws NewerLayout
   * @see functions/claim.lua
   */
  async claim(claim: ClaimTask): Promise<ClaimReply> {
    return claimReply(await this.claims.ask(claim));
  }

  /**
   * Appends what one task did, under its claim and append number.
   *
   * @throws PayloadTooLarge, TooManyEvents, TooManyDeliveries, NewerLayout
   * @see functions/append.lua
   */
  async append(append: Append): Promise<AppendReply> {
    checkAppend(append);
    const { wf } = append;
    return appendReply(await this.appends.ask({ wf, lines: encodeAppend(append) }));
  }

  /** Tells a workflow something from outside, once an id. @see functions/signal.lua */
  async signal(s: Signal): Promise<SignalReply> {
    checkId('the id of a signal', s.id);
    checkPayload(`signal ${s.name}`, s.payload);
    const [reply, detail] = await this.call('signal', this.feedOf(s.wf), [
      s.wf,
      s.id,
      s.name,
      json(s.meta),
      s.payload,
    ]);
    if (reply === 'unknown') return { reply };
    if (reply === 'ended') return { reply, status: detail as WorkflowStatus };
    return { reply: reply as 'ok' | 'duplicate', version: Number(detail) };
  }

  /**
   * Fences every open task; the workflow ends when what they had begun is settled and, with `rollback`, when what
   * was committed is undone.
   *
   * @see functions/cancel.lua
   */
  cancel(end: EndWorkflow & { readonly rollback: boolean }): Promise<CancelReply> {
    const { reason, by, rollback } = end;
    return this.end('cancel', end, rollback ? 0 : null, { reason, by, rollback });
  }

  /**
   * Fences every open task, undoes what was committed after version `to`, and ends the workflow as failed.
   *
   * @see functions/rollback.lua
   */
  rollback(end: EndWorkflow & { readonly to: Version }): Promise<CancelReply> {
    const { reason, by, to } = end;
    return this.end('rollback', end, to, { reason, by, to });
  }

  /** Holds every open task until a person sends it on with {@link resume}. @see functions/park.lua */
  async park({ wf, commandId, reason, by }: EndWorkflow): Promise<CancelReply> {
    checkId('the id of a command', commandId);
    const meta: EventMeta['WorkflowParked'] = { reason, by };
    return endReply(await this.call('park', this.feedOf(wf), [wf, commandId, json(meta), '']));
  }

  /**
   * Holds every open task of a workflow that has gone past its limits; `ended` when it has other ones by now, or none.
   *
   * @param error - what says which limit
   * @see functions/park.lua
   */
  async holdPastLimits(
    wf: WorkflowId,
    limits: ReachedLimits,
    error: ErrorChain,
  ): Promise<CancelReply> {
    const passed = `${limits.tasks ?? '-'} ${limits.events ?? '-'}`;
    const meta: EventMeta['WorkflowParked'] = { reason: 'LimitExceeded', by: 'limits', error };
    const args = [wf, `limits ${passed}`, json(meta), passed];
    return endReply(await this.call('park', this.feedOf(wf), args));
  }

  private async end(
    operation: 'cancel' | 'rollback',
    { wf, commandId, reason, by }: EndWorkflow,
    to: Version | null,
    meta: EventMeta['CancelRequested' | 'RollbackStarted'],
  ): Promise<CancelReply> {
    checkId('the id of a command', commandId);
    const cause: RollbackCause = { reason, by };
    const args = [wf, commandId, to ?? '-', json(meta), json(cause)];
    return endReply(await this.call(operation, this.feedOf(wf), args));
  }

  /**
   * A person's decisions about tasks that are parked or failed: each task goes back to its role.
   *
   * @param seen - version of the workflow that the person saw; refused if something happened to one of
   *   these tasks since
   * @see functions/resume.lua
   */
  async resume(
    wf: WorkflowId,
    commandId: string,
    seen: Version,
    decisions: readonly NewEvent[],
  ): Promise<ResumeReply> {
    checkId('the id of a command', commandId);
    for (const { type, data } of decisions) checkPayload(`a ${type}`, data);
    const args = decisions.flatMap((d) => [d.task || '-', d.op, d.type, json(d.meta), d.data]);
    const [reply, detail, more] = await this.call('resume', this.feedOf(wf), [
      wf,
      commandId,
      seen,
      ...args,
    ]);
    if (reply === 'unknown') return { reply };
    if (reply === 'conflict') return { reply, what: String(detail), found: String(more) };
    return {
      reply: reply as 'ok' | 'duplicate',
      version: Number(detail),
      status: more as WorkflowStatus,
    };
  }

  /** Renews a worker in one partition, and compares what it holds there. @see functions/heartbeat.lua */
  async heartbeat(
    partition: number,
    worker: WorkerId,
    beat: number,
    leaseMs: number,
    held: readonly HeldTask[],
    { inbox, order }: WorkerAbout = NOTHING_SAID,
  ): Promise<HeartbeatReply> {
    const items = held.flatMap((h) => [h.wf, h.task, h.claim ?? '', h.seen]);
    const told = order ? json(order) : '';
    const args = [worker, beat, leaseMs, this.limits.crashBudget, inbox, told, ...items];
    const answer = await this.call('heartbeat', this.partitions.feed(partition), args);
    const [lost, woken, wrong, text] = answer as unknown as [string[], string[], number, string];
    return {
      lost: lost.map((member) => memberOf(member)),
      woken: woken.map((member) => ({
        ...memberOf(member),
        wokenAt: Number(member.split(' ')[2]),
      })),
      wronglyGivenUp: wrong === 1,
      order: text === '' ? null : (JSON.parse(text) as DrainOrder),
    };
  }

  /** Tells a worker to drain, in one partition where it is alive. @see functions/drain.lua */
  async drain(partition: number, worker: WorkerId, order: DrainOrder): Promise<DrainReply> {
    const args = [worker, json(order)];
    const [reply, given] = await this.call('drain', this.partitions.feed(partition), args);
    if (reply === 'unknown') return { reply };
    if (reply === 'ok') return { reply, order };
    return { reply: 'duplicate', order: JSON.parse(String(given)) as DrainOrder };
  }

  /** Takes tasks back from dead workers, at most `limit`. @see functions/reap.lua */
  async reap(
    partition: number,
    limit: number,
    withoutConnection: readonly string[],
  ): Promise<{ readonly taken: number; readonly removed: number; readonly more: boolean }> {
    const args = [limit, this.limits.crashBudget, ...withoutConnection];
    const [taken, removed, more] = await this.call('reap', this.partitions.feed(partition), args);
    return { taken: Number(taken), removed: Number(removed), more: more === 1 };
  }

  /** Fires due timers, at most `limit`. @see functions/fire.lua */
  async fire(partition: number, limit: number): Promise<FireReply> {
    const args = [limit, this.limits.crashBudget];
    const [fired, more, next, late] = await this.call(
      'fire',
      this.partitions.feed(partition),
      args,
    );
    return {
      fired: Number(fired),
      more: more === 1,
      nextInMs: Number(next) < 0 ? null : Number(next),
      lateMs: Number(late),
    };
  }

  /** Takes or renews a lease on the work of a partition; 0 ms gives it back. @see functions/lease.lua */
  async lease(
    partition: number,
    name: string,
    owner: string,
    leaseMs: number,
  ): Promise<LeaseReply> {
    const [reply, a, b] = await this.call('lease', this.partitions.feed(partition), [
      name,
      owner,
      leaseMs,
    ]);
    if (reply === 'taken') return { reply, owner: String(a) };
    return { reply: 'ok', epoch: Number(a), checkpoint: String(b) };
  }

  /** Writes views and the checkpoint of the feed under a lease; false when it is lost. @see functions/project.lua */
  async project(
    partition: number,
    name: string,
    owner: string,
    epoch: number,
    checkpoint: string,
    views: readonly View[],
  ): Promise<boolean> {
    const items = views.flatMap((v) => [
      v.wf,
      v.version,
      v.tenant,
      v.type,
      v.status,
      v.startedAtMs,
      v.digest,
      (v.unsettled ?? []).map(({ nth, sinceMs }) => `${nth}:${sinceMs}`).join(' '),
      v.body,
    ]);
    const [reply] = await this.call('project', this.partitions.feed(partition), [
      name,
      owner,
      epoch,
      checkpoint,
      ...items,
    ]);
    return reply === 'ok';
  }

  /** Forgets what every named reader of the feed has passed; answers how many entries. @see functions/trim.lua */
  async trim(partition: number, readers: readonly string[]): Promise<number> {
    return Number(await this.call('trim', this.partitions.feed(partition), [...readers]));
  }

  /**
   * Removes workflows that ended long enough ago, and leaves a tombstone of each.
   *
   * @returns what became of each, in their order
   * @see functions/retire.lua
   */
  async retire(
    partition: number,
    { keepMs, tombstoneMs, putOffMs }: RetirementTimes,
    workflows: readonly Retirement[],
  ): Promise<readonly RetireReply[]> {
    const items = workflows.flatMap(({ wf, version, endedAtMs, result, timers }) => [
      ...[wf, version, endedAtMs, result ?? '', timers.length],
      ...timers.map(({ task, op }) => `${task} ${op}`),
    ]);
    const args = [keepMs, tombstoneMs, putOffMs, ...items];
    const replies = await this.call('retire', this.partitions.feed(partition), args);
    return replies as readonly RetireReply[];
  }

  /** Makes a message that nobody can read a dead letter of its role. @see functions/bury.lua */
  async bury(partition: number, inbox: string, message: string, found: object): Promise<void> {
    const args = [inbox, message, GROUP, json(found)];
    await this.call('bury', this.partitions.feed(partition), args);
  }

  /**
   * Removes idle consumers of an inbox that have nothing pending; answers how many.
   *
   * @param leaving - this one alone; default any
   * @see functions/forget.lua
   */
  async forget(
    partition: number,
    inbox: string,
    idleMs: number,
    leaving?: WorkerId,
  ): Promise<number> {
    const args = [inbox, GROUP, idleMs, ...(leaving === undefined ? [] : [leaving])];
    return Number(await this.call('forget', this.partitions.feed(partition), args));
  }

  /** The clock that events of a workflow are recorded under; unit ms. @see functions/time.lua */
  async timeMs(wf: WorkflowId): Promise<number> {
    return Number(await this.call('time', this.feedOf(wf), []));
  }

  private async sendAppends(appends: readonly EncodedAppend[]): Promise<readonly string[]> {
    const lines = appends.flatMap((append) => append.lines);
    const feed = this.feedOf(firstOf(appends).wf);
    const replies = await this.call('append', feed, [this.limits.tasksPerWorkflow, ...lines]);
    return replies as readonly string[];
  }

  private async sendClaims(claims: readonly ClaimTask[]): Promise<readonly Reply[]> {
    const { wf, worker, beat, inbox } = firstOf(claims);
    const lines = claims.map(
      (c) => `${c.wf} ${c.task} ${c.dispatch} ${c.claim} ${c.message} ${c.deadlineMs}`,
    );
    const args = [worker, beat, inbox, GROUP, ...lines];
    return (await this.call('claim', this.feedOf(wf), args)) as unknown as readonly Reply[];
  }

  private feedOf(wf: WorkflowId): string {
    return this.partitions.feed(this.partitions.of(wf));
  }

  private call(operation: string, key: string, args: readonly (string | number)[]): Promise<Reply> {
    return callFunction(this.redis, this.library, operation, key, args);
  }
}

/** Of a worker that says nothing of itself. */
const NOTHING_SAID: WorkerAbout = { inbox: '-', order: null };

const json = (value: unknown): string => JSON.stringify(value);

interface EncodedAppend {
  readonly wf: WorkflowId;
  readonly lines: readonly string[];
}

/** A batch has at least one. */
const firstOf = <T>([first]: readonly T[]): T => first as T;
