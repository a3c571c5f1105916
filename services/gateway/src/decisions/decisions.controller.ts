import { applyDecorators, Body, HttpCode, Param, ParseIntPipe, Post } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { TaskId } from '@lockstep/kernel';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { WorkflowReply } from '../openapi/replies.js';
import { InvalidRequest } from '../problems/errors.js';
import { CommandOf } from './command-of.js';
import { type Command, type Decided, Decisions } from './decisions.js';
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
    ApiParam({ name: 'id', type: String }),
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
    @CommandOf() command: Command,
    @Body() { reason, rollback }: CancelBody,
  ): Promise<Decided> {
    return this.decisions.cancel(command, reason, rollback);
  }

  @Decision('rollback', 'Undo what a workflow has committed, and end it as failed')
  rollback(
    @CommandOf() command: Command,
    @Body() { reason, savepoint }: RollbackBody,
  ): Promise<Decided> {
    return this.decisions.rollback(command, reason, savepoint);
  }

  @Decision('park', 'Hold every open task of a workflow')
  park(@CommandOf() command: Command, @Body() { reason }: ReasonedBody): Promise<Decided> {
    return this.decisions.park(command, reason);
  }

  @Decision('resume', 'Send on the tasks of a workflow that a person held')
  resume(@CommandOf() command: Command, @Body() { reason }: ReasonedBody): Promise<Decided> {
    return this.decisions.resume(command, reason);
  }

  @Decision(
    'tasks/:task/skip',
    'Give the operation that ended a task its result, and run the task on',
  )
  skip(
    @CommandOf() command: Command,
    @Param('task') task: string,
    @Body() { op, value, reason }: SkipBody,
  ): Promise<Decided> {
    const given = JSON.stringify(value ?? null);
    return this.decisions.skip(command, { task: task as TaskId, op, value: given, reason });
  }

  @Decision(
    'tasks/:task/redrive',
    'Run a failed or parked task again, as it was or with a corrected request',
  )
  redrive(
    @CommandOf() command: Command,
    @Param('task') task: string,
    @Body() { reason, request }: RedriveBody,
  ): Promise<Decided> {
    return this.decisions.redrive(command, { task: task as TaskId, reason, request });
  }

  @Decision('effects/:task/:op/settle', 'Settle an effect in doubt')
  settle(
    @CommandOf() command: Command,
    @Param('task') task: string,
    @Param('op', ParseIntPipe) op: number,
    @Body() { verdict, receipt, reason }: SettleBody,
  ): Promise<Decided> {
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
