import { applyDecorators, Body, HttpCode, Param, ParseIntPipe, Post } from '@nestjs/common';
import type { TaskId, Version } from '@lockstep/kernel';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { WorkflowReply } from '../openapi/replies.js';
import { InvalidRequest } from '../problems/errors.js';
import { CommandId } from '../requests/idempotency-key.js';
import { IfMatch } from '../requests/if-match.js';
import { type Decided, Decisions } from './decisions.js';
import {
  CancelBody,
  ReasonedBody,
  RedriveBody,
  RollbackBody,
  SettleBody,
  SkipBody,
} from './decisions.requests.js';

/** A route that records what a person decides, once a command. */
const Decision = (path: string, summary: string): MethodDecorator =>
  applyDecorators(
    Post(path),
    HttpCode(200),
    Describe({
      summary,
      headers: ['Idempotency-Key', 'If-Match'],
      answers: { 200: ['Recorded, now or before', WorkflowReply] },
    }),
  );

@TenantController('v1/workflows/:id')
export class DecisionsController {
  constructor(private readonly decisions: Decisions) {}

  @Decision('cancel', 'Cancel a workflow')
  cancel(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body() { reason, rollback, version }: CancelBody,
    @CommandId() commandId: string,
    @IfMatch() ifMatch: Version | undefined,
  ): Promise<Decided> {
    const command = { caller, id, commandId, seen: ifMatch ?? version };
    return this.decisions.cancel(command, reason, rollback);
  }

  @Decision('rollback', 'Undo what a workflow has committed, and end it as failed')
  rollback(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body() { reason, savepoint, version }: RollbackBody,
    @CommandId() commandId: string,
    @IfMatch() ifMatch: Version | undefined,
  ): Promise<Decided> {
    const command = { caller, id, commandId, seen: ifMatch ?? version };
    return this.decisions.rollback(command, reason, savepoint);
  }

  @Decision('park', 'Hold every open task of a workflow')
  park(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body() { reason, version }: ReasonedBody,
    @CommandId() commandId: string,
    @IfMatch() ifMatch: Version | undefined,
  ): Promise<Decided> {
    return this.decisions.park({ caller, id, commandId, seen: ifMatch ?? version }, reason);
  }

  @Decision('resume', 'Send on the tasks of a workflow that a person held')
  resume(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body() { reason, version }: ReasonedBody,
    @CommandId() commandId: string,
    @IfMatch() ifMatch: Version | undefined,
  ): Promise<Decided> {
    return this.decisions.resume({ caller, id, commandId, seen: ifMatch ?? version }, reason);
  }

  @Decision(
    'tasks/:task/skip',
    'Give the operation that ended a task its result, and run the task on',
  )
  skip(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Param('task') task: string,
    @Body() { op, value, reason, version }: SkipBody,
    @CommandId() commandId: string,
    @IfMatch() ifMatch: Version | undefined,
  ): Promise<Decided> {
    const command = { caller, id, commandId, seen: ifMatch ?? version };
    const given = JSON.stringify(value ?? null);
    return this.decisions.skip(command, { task: task as TaskId, op, value: given, reason });
  }

  @Decision(
    'tasks/:task/redrive',
    'Run a failed or parked task again, as it was or with a corrected request',
  )
  redrive(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Param('task') task: string,
    @Body() { version, reason, request }: RedriveBody,
    @CommandId() commandId: string,
    @IfMatch() ifMatch: Version | undefined,
  ): Promise<Decided> {
    const command = { caller, id, commandId, seen: ifMatch ?? version };
    return this.decisions.redrive(command, { task: task as TaskId, reason, request });
  }

  @Decision('effects/:task/:op/settle', 'Settle an effect in doubt')
  settle(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Param('task') task: string,
    @Param('op', ParseIntPipe) op: number,
    @Body() { verdict, receipt, version, reason }: SettleBody,
    @CommandId() commandId: string,
    @IfMatch() ifMatch: Version | undefined,
  ): Promise<Decided> {
    const command = { caller, id, commandId, seen: ifMatch ?? version };
    const about = { task: task as TaskId, op, reason };
    const told = { ...about, verdict, receipt: receiptOf(verdict, receipt) };
    return this.decisions.settle(command, told);
  }
}

/** JSON text; empty for a verdict that has no receipt. */
function receiptOf(verdict: SettleBody['verdict'], receipt: unknown): string {
  if ((verdict === 'happened') !== (receipt !== undefined)) {
    const expected = 'must be there with the verdict happened, and with no other';
    throw new InvalidRequest('the receipt does not go with the verdict', [
      { path: 'receipt', expected, came: receipt === undefined ? 'nothing' : 'a receipt' },
    ]);
  }
  return receipt === undefined ? '' : JSON.stringify(receipt);
}
