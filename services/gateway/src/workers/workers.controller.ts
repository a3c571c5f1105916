import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { OperatorsOnly } from '../auth/operator.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { ReasonBody } from '../requests/reason.js';
import { WorkerReply, WorkersReply } from './workers.replies.js';
import { type WorkerEntry, Workers } from './workers.js';

@TenantController('v1/workers')
export class WorkersController {
  constructor(private readonly workers: Workers) {}

  @Get()
  @Describe({
    summary: 'List the workers of all roles that are alive',
    answers: { 200: ['By role, the oldest first', WorkersReply] },
  })
  async list(): Promise<{ readonly workers: readonly WorkerEntry[] }> {
    return { workers: await this.workers.list() };
  }

  @Post(':worker/drain')
  @OperatorsOnly()
  @Describe({
    summary:
      'Drain a worker: it hands back what it holds, and takes no more until its process ends',
    answers: { 200: ['Told, now or before; its next heartbeat brings it', WorkerReply] },
  })
  @HttpCode(200)
  drain(
    @CallerOf() caller: Caller,
    @Param('worker') worker: string,
    @Body() { reason }: ReasonBody,
  ): Promise<WorkerEntry> {
    return this.workers.drain(caller, worker, reason);
  }
}
