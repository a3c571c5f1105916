import { Body, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import type { Decided } from '../decisions/decisions.js';
import { Describe } from '../openapi/describe.js';
import { WorkflowReply } from '../openapi/replies.js';
import { CommandId } from '../requests/idempotency-key.js';
import { DeadLetters, type Groups } from './dead-letters.js';
import { DeadLettersReply, GroupsReply, ShownLetterReply } from './dead-letters.replies.js';
import {
  DeadLettersQuery,
  DiscardBody,
  LetterRedriveBody,
  queryOf,
} from './dead-letters.requests.js';
import { LetterDecisions } from './letter-decisions.js';
import { letterJson, shownJson } from './letter-json.js';

const JSON_TYPE = 'application/json';

@TenantController('v1/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly deadLetters: DeadLetters,
    private readonly decisions: LetterDecisions,
  ) {}

  @Get()
  @Describe({
    summary: 'List dead letters, of one role or of all',
    answers: {
      200: ['A page, the newest first; it may be short and yet have a next one', DeadLettersReply],
    },
  })
  async list(
    @CallerOf() { tenant }: Caller,
    @Query() { limit, cursor, ...filter }: DeadLettersQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const page = { limit, ...(cursor !== undefined && { before: cursor }) };
    const { letters, next } = await this.deadLetters.list(queryOf(tenant, filter), page);
    const body = `{"deadLetters":[${letters.map(letterJson).join(',')}],"next":${JSON.stringify(next)}}`;
    await reply.type(JSON_TYPE).send(body);
  }

  @Get('groups')
  @Describe({
    summary: 'Count dead letters by their cause: the same error at the same place',
    answers: {
      200: ['The most frequent first, of the newest 5000 letters behind `cursor`', GroupsReply],
    },
  })
  groups(
    @CallerOf() { tenant }: Caller,
    @Query() { cursor, ...filter }: DeadLettersQuery,
  ): Promise<Groups> {
    return this.deadLetters.groups(queryOf(tenant, filter), cursor);
  }

  @Get(':id')
  @Describe({
    summary:
      'Show a dead letter with what its task was asked, the events before it and the options',
    answers: { 200: ['The letter', ShownLetterReply] },
  })
  async show(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await reply.type(JSON_TYPE).send(shownJson(await this.deadLetters.show(caller, id)));
  }

  @Post(':id/redrive')
  @Describe({
    summary: 'Run the task of a dead letter again, as it was or with a corrected request',
    headers: ['Idempotency-Key'],
    answers: { 200: ['Recorded, now or before', WorkflowReply] },
  })
  @HttpCode(200)
  redrive(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body() asked: LetterRedriveBody,
    @CommandId() commandId: string,
  ): Promise<Decided> {
    return this.decisions.redrive({ caller, id, commandId }, asked);
  }

  @Post(':id/discard')
  @Describe({
    summary: 'Give the job of a dead letter up: its workflow is cancelled',
    headers: ['Idempotency-Key'],
    answers: { 200: ['Recorded, now or before', WorkflowReply] },
  })
  @HttpCode(200)
  discard(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body() { reason }: DiscardBody,
    @CommandId() commandId: string,
  ): Promise<Decided> {
    return this.decisions.discard({ caller, id, commandId }, reason);
  }
}
