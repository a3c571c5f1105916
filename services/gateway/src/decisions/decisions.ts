// What a person decides about a workflow: end it, hold it, run a task again, settle an effect, skip an operation.
//
// Each decision is a command under an id, recorded once. What it looks like in the log is planned from the
// log, and the store takes it only at the version that it was planned at.

import { Injectable } from '@nestjs/common';
import {
  type CorrectedRequest,
  type NewEvent,
  planRedrive,
  planSettlement,
  planSkip,
  type RecordedEvent,
  type Settlement,
  type Skip,
  type TaskId,
  UnknownTask,
  type Version,
  type WorkflowId,
} from '@lockstep/kernel';
import {
  type CancelReply,
  type EndWorkflow,
  type Head,
  HeadReader,
  LogReader,
  Store,
  type WorkflowStatus,
} from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { Catalogue } from '../contracts/catalogue.js';
import { receivedRequest } from '../contracts/received.js';
import { commandIdOf } from '../requests/command-id.js';
import {
  IdempotencyConflict,
  UnknownSavepoint,
  UnknownWorkflow,
  VersionMismatch,
  WorkflowChanged,
  WorkflowEnded,
} from '../problems/errors.js';
import { OwnWorkflows } from '../workflows/own-workflows.js';

/** Times to plan anew when others change the workflow meanwhile; only for who names no version. */
const ATTEMPTS = 5;

export interface Command {
  readonly caller: Caller;
  /** Of the workflow, as it came. */
  readonly id: string;
  /** The command's own, against doubles. */
  readonly commandId: string;
  /** The version that the person saw; undefined takes whatever is current. */
  readonly seen?: Version | undefined;
}

export interface Decided {
  readonly id: WorkflowId;
  readonly status: WorkflowStatus;
  /** Of the last event of the decision. */
  readonly version: Version;
}

export interface AskedRedrive {
  readonly task: TaskId;
  readonly reason: string;
  /** Undefined leaves it as it was. */
  readonly request?: unknown;
}

/** The kinds of command, as their ids tell them apart. */
export const cancelling = 'cancel';
export const redriving = (task: TaskId): string => `redrive/${task}`;

type Plan = (events: readonly RecordedEvent[]) => readonly NewEvent[];

@Injectable()
export class Decisions {
  constructor(
    private readonly workflows: OwnWorkflows,
    private readonly heads: HeadReader,
    private readonly log: LogReader,
    private readonly store: Store,
    private readonly catalogue: Catalogue,
  ) {}

  /**
   * Ends a workflow, and undoes what it has committed when that is asked for.
   *
   * @throws UnknownWorkflow, VersionMismatch, WorkflowEnded, IdempotencyConflict
   */
  cancel(command: Command, reason: string, rollback: boolean): Promise<Decided> {
    return this.stop(cancelling, command, { reason, rollback }, (end) =>
      this.store.cancel({ ...end, rollback }),
    );
  }

  /**
   * Undoes what a workflow has committed, or what it has since a savepoint, and ends it as failed.
   *
   * @throws UnknownWorkflow, UnknownSavepoint, VersionMismatch, WorkflowEnded, IdempotencyConflict
   */
  async rollback(command: Command, reason: string, savepoint?: string): Promise<Decided> {
    const to = savepoint === undefined ? 0 : await this.reachedAt(command, savepoint);
    return this.stop('rollback', command, { reason, to }, (end) =>
      this.store.rollback({ ...end, to }),
    );
  }

  /**
   * Holds every open task of a workflow until {@link resume}.
   *
   * @throws UnknownWorkflow, VersionMismatch, WorkflowEnded, IdempotencyConflict
   */
  park(command: Command, reason: string): Promise<Decided> {
    return this.stop('park', command, { reason }, (end) => this.store.park(end));
  }

  /**
   * Sends on what a person held.
   *
   * @throws UnknownWorkflow, VersionMismatch, WorkflowChanged
   */
  resume(command: Command, reason: string): Promise<Decided> {
    const { by } = command.caller;
    return this.decide(command, 'resume', () => [
      { type: 'WorkflowResumed', task: '', op: 0, meta: { reason, by }, data: '' },
    ]);
  }

  /**
   * Runs a failed or parked task again, with the callers that its failure ended.
   *
   * @throws UnknownWorkflow, UnknownTask, RedriveRefused, VersionMismatch, WorkflowChanged; and with another request
   *   CorrectionRefused, UnknownTaskContract, ContractViolation, IdempotencyConflict
   */
  async redrive(command: Command, { task, reason, request }: AskedRedrive): Promise<Decided> {
    const { by } = command.caller;
    const decided = await this.decide(command, redriving(task), (events) =>
      planRedrive(events, { task, reason, by, corrected: this.corrected(events, task, request) }),
    );
    const body = request === undefined ? '' : JSON.stringify(request);
    await this.checkSame(decided.id, decided.version, { reason }, body);
    return decided;
  }

  /**
   * Settles an effect in doubt by what a person knows.
   *
   * @throws UnknownWorkflow, UnknownTask, SettlementRefused, VersionMismatch, WorkflowChanged,
   *   IdempotencyConflict
   */
  async settle(command: Command, settlement: Omit<Settlement, 'by'>): Promise<Decided> {
    const { task, op, verdict, receipt, reason } = settlement;
    const { by } = command.caller;
    const decided = await this.decide(command, `settle/${task}/${op}`, (events) =>
      planSettlement(events, { ...settlement, by }),
    );
    await this.checkSame(decided.id, decided.version, { verdict, reason }, receipt);
    return decided;
  }

  private corrected(
    events: readonly RecordedEvent[],
    task: TaskId,
    request: unknown,
  ): CorrectedRequest | undefined {
    if (request === undefined) return undefined;
    const scheduled = events.find((each) => each.type === 'TaskScheduled' && each.task === task);
    if (scheduled?.type !== 'TaskScheduled') throw new UnknownTask(task);
    return receivedRequest(this.catalogue.task(scheduled.meta), request);
  }

  /**
   * Gives the operation whose failure ended a task its result, and runs the task on from there.
   *
   * @throws UnknownWorkflow, UnknownTask, SkipRefused, RedriveRefused, VersionMismatch, WorkflowChanged
   */
  skip(command: Command, skip: Omit<Skip, 'by'>): Promise<Decided> {
    const { by } = command.caller;
    return this.decide(command, `skip/${skip.task}`, (events) => planSkip(events, { ...skip, by }));
  }

  private async reachedAt({ caller, id }: Command, savepoint: string): Promise<Version> {
    const head = await this.workflows.head(caller, id);
    const reached = (await this.log.all(head.wf, 1)).filter(isSavepoint);
    const last = reached.findLast(({ meta }) => meta.name === savepoint);
    if (last) return last.version;
    throw new UnknownSavepoint(id, savepoint, [...new Set(reached.map(({ meta }) => meta.name))]);
  }

  /** A command that stops the whole workflow. */
  private async stop(
    name: string,
    { caller, id, commandId, seen }: Command,
    meta: Readonly<Record<string, unknown>> & { readonly reason: string },
    send: (end: EndWorkflow) => Promise<CancelReply>,
  ): Promise<Decided> {
    const head = await this.workflows.head(caller, id);
    const command = commandIdOf(name, commandId);
    if ((await this.heads.commandAt(head.wf, command)) === null) checkSeen(head, seen);
    const { reason } = meta;
    const reply = await send({ wf: head.wf, commandId: command, reason, by: caller.by });
    switch (reply.reply) {
      case 'unknown':
        throw new UnknownWorkflow(id);
      case 'ended':
        throw new WorkflowEnded(id, reply.status);
      case 'duplicate':
        await this.checkSame(head.wf, reply.version, meta);
        break;
      case 'ok':
    }
    return { id: head.wf, status: reply.status, version: reply.version };
  }

  private async decide(command: Command, name: string, plan: Plan): Promise<Decided> {
    const { caller, id, commandId, seen } = command;
    const named = commandIdOf(name, commandId);
    let found = '';
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const head = await this.workflows.head(caller, id);
      const recorded = await this.heads.commandAt(head.wf, named);
      if (recorded !== null) return { id: head.wf, status: head.status, version: recorded };
      checkSeen(head, seen);
      const decisions = plan(await this.log.all(head.wf, 1, head.version));
      const reply = await this.store.resume(head.wf, named, head.version, decisions);
      if (reply.reply === 'unknown') throw new UnknownWorkflow(id);
      if (reply.reply !== 'conflict') {
        return { id: head.wf, status: reply.status, version: reply.version };
      }
      found = `${reply.what} ${reply.found}`;
    }
    throw new WorkflowChanged(id, found);
  }

  /** A repeat of a command must be that command. */
  private async checkSame(
    wf: WorkflowId,
    version: Version,
    meta: Readonly<Record<string, unknown>>,
    data?: string,
  ): Promise<void> {
    const [recorded] = await this.log.all(wf, version, version);
    const found = recorded?.meta as Readonly<Record<string, unknown>> | undefined;
    const isSame = Object.entries(meta).every(([name, value]) => found?.[name] === value);
    if (!isSame || (data !== undefined && recorded?.data !== data))
      throw new IdempotencyConflict('a decision');
  }
}

function checkSeen({ wf, version }: Head, seen: Version | undefined): void {
  if (seen !== undefined && seen !== version) throw new VersionMismatch(wf, seen, version);
}

const isSavepoint = (event: RecordedEvent): event is RecordedEvent<'SavepointReached'> =>
  event.type === 'SavepointReached';
