import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { Breaker } from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { OperatorsOnly } from '../auth/operator.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { CommandId } from '../requests/idempotency-key.js';
import { ReasonBody } from '../requests/reason.js';
import { BreakerReply, BreakersReply } from './breakers.replies.js';
import { Breakers } from './breakers.js';

@TenantController('v1/breakers')
export class BreakersController {
  constructor(private readonly breakers: Breakers) {}

  @Get()
  @Describe({
    summary: 'List the breakers of all targets',
    answers: { 200: ['By name', BreakersReply] },
  })
  async list(): Promise<{ readonly breakers: readonly Breaker[] }> {
    return { breakers: await this.breakers.list() };
  }

  @Post(':target/open')
  @OperatorsOnly()
  @Describe({
    summary: 'Open a breaker: nothing is sent to the target until it is closed',
    headers: ['Idempotency-Key'],
    answers: { 200: ['Recorded, now or before', BreakerReply] },
  })
  @HttpCode(200)
  open(
    @CallerOf() caller: Caller,
    @Param('target') target: string,
    @Body() { reason }: ReasonBody,
    @CommandId() commandId: string,
  ): Promise<Breaker> {
    return this.breakers.force({ caller, target, commandId, reason, state: 'open' });
  }

  @Post(':target/close')
  @OperatorsOnly()
  @Describe({
    summary: 'Close a breaker: it goes on by itself from there',
    headers: ['Idempotency-Key'],
    answers: { 200: ['Recorded, now or before', BreakerReply] },
  })
  @HttpCode(200)
  close(
    @CallerOf() caller: Caller,
    @Param('target') target: string,
    @Body() { reason }: ReasonBody,
    @CommandId() commandId: string,
  ): Promise<Breaker> {
    return this.breakers.force({ caller, target, commandId, reason, state: 'closed' });
  }
}
