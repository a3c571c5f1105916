import { Get, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { DeadLetters, type Groups } from './dead-letters.js';
import { DeadLettersReply, GroupsReply, ShownLetterReply } from './dead-letters.replies.js';
import { DeadLettersQuery, queryOf } from './dead-letters.requests.js';
import { letterJson, shownJson } from './letter-json.js';

const JSON_TYPE = 'application/json';

@TenantController('v1/dead-letters')
export class DeadLettersController {
  constructor(private readonly deadLetters: DeadLetters) {}

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
}
