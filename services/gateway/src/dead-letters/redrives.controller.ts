import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { CommandId } from '../requests/idempotency-key.js';
import { ReasonBody } from '../requests/reason.js';
import { RedriveReply, RedrivesReply } from './redrives.replies.js';
import { RedrivesBody } from './redrives.requests.js';
import { type Redrive, Redrives } from './redrives.js';

@TenantController('v1/redrives')
export class RedrivesController {
  constructor(private readonly redrives: Redrives) {}

  @Post()
  @Describe({
    summary: 'Redrive all dead letters that a filter finds, at a bounded rate',
    headers: ['Idempotency-Key'],
    answers: { 202: ['Recorded, now or before; a supervisor works it off', RedriveReply] },
  })
  @HttpCode(202)
  begin(
    @CallerOf() caller: Caller,
    @Body() { reason, perSecond, ...filter }: RedrivesBody,
    @CommandId() commandId: string,
  ): Promise<Redrive> {
    return this.redrives.begin(caller, { filter, reason, perSecond }, commandId);
  }

  @Get()
  @Describe({
    summary: 'List redrives of many letters, those of the last week',
    answers: { 200: ['The newest first', RedrivesReply] },
  })
  async list(@CallerOf() caller: Caller): Promise<{ readonly redrives: readonly Redrive[] }> {
    return { redrives: await this.redrives.list(caller) };
  }

  @Get(':id')
  @Describe({
    summary: 'See how far a redrive has come',
    answers: { 200: ['As it is now', RedriveReply] },
  })
  get(@CallerOf() caller: Caller, @Param('id') id: string): Promise<Redrive> {
    return this.redrives.get(caller, id);
  }

  @Post(':id/stop')
  @Describe({
    summary: 'Stop a redrive; what is redriven stays so',
    answers: { 200: ['Stopped, now or before', RedriveReply] },
  })
  @HttpCode(200)
  stop(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Body() { reason }: ReasonBody,
  ): Promise<Redrive> {
    return this.redrives.stop(caller, id, reason);
  }
}
