import { Body, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { IdempotencyKey } from '../requests/idempotency-key.js';
import { type Started, Starter } from './starter.js';
import { StartBody } from './workflows.requests.js';

@TenantController('v1/workflows')
export class WorkflowsController {
  constructor(private readonly starter: Starter) {}

  @Post()
  async start(
    @CallerOf() caller: Caller,
    @Body() { type, request }: StartBody,
    @IdempotencyKey() key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Omit<Started, 'isNew'>> {
    const { isNew, ...started } = await this.starter.start(caller, type, request, key);
    void reply.status(isNew ? 201 : 200).header('location', `/v1/workflows/${started.id}`);
    return started;
  }
}
