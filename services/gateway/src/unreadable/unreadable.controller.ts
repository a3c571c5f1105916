import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { OperatorsOnly } from '../auth/operator.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { ReasonBody } from '../requests/reason.js';
import { DiscardedReply, UnreadableReply, UnreadablesReply } from './unreadable.replies.js';
import { UnreadableQuery } from './unreadable.requests.js';
import {
  type Discarded,
  Unreadable,
  type UnreadableEntry,
  type Unreadables,
} from './unreadable.js';

/** A message that nobody could read names no tenant: what is in it may be anybody's. */
@OperatorsOnly()
@TenantController('v1/unreadable-messages')
export class UnreadableController {
  constructor(private readonly unreadable: Unreadable) {}

  @Get()
  @Describe({
    summary: 'List the messages that nobody could read, of one role or of all',
    answers: {
      200: ['A page, the newest first; it may be short and yet have a next one', UnreadablesReply],
    },
  })
  list(@Query() { role, limit, cursor }: UnreadableQuery): Promise<Unreadables> {
    return this.unreadable.list(role, { limit, ...(cursor !== undefined && { before: cursor }) });
  }

  @Get(':message')
  @Describe({
    summary: 'Show a message that nobody could read',
    answers: { 200: ['What was found', UnreadableReply] },
  })
  show(@Param('message') id: string): Promise<UnreadableEntry> {
    return this.unreadable.show(id);
  }

  @Post(':message/discard')
  @Describe({
    summary: 'Remove a message that nobody could read',
    answers: { 200: ['Removed, now or before', DiscardedReply] },
  })
  @HttpCode(200)
  discard(
    @CallerOf() caller: Caller,
    @Param('message') id: string,
    @Body() { reason }: ReasonBody,
  ): Promise<Discarded> {
    return this.unreadable.discard(caller, id, reason);
  }
}
