import { Body, Get, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { ListReply, StandingsReply, TypedWorkflowReply, ViewReply } from '../openapi/replies.js';
import { goneSignal } from '../requests/gone.js';
import { IdempotencyKey } from '../requests/idempotency-key.js';
import { type Standings, StandingReader } from '../views/standings.js';
import { type ViewList, Views } from '../views/views.js';
import { type Started, Starter } from './starter.js';
import { ListQuery, StartBody, ViewQuery } from './workflows.requests.js';

@TenantController('v1/workflows')
export class WorkflowsController {
  constructor(
    private readonly starter: Starter,
    private readonly views: Views,
    private readonly standings: StandingReader,
  ) {}

  @Post()
  @Describe({
    summary: 'Start a workflow',
    headers: ['Idempotency-Key'],
    answers: {
      201: ['Started; Location says where it is', TypedWorkflowReply],
      200: ['Was started under this key before', TypedWorkflowReply],
    },
  })
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

  @Get()
  @Describe({
    summary: 'List workflows',
    answers: { 200: ['A page, the newest first', ListReply] },
  })
  list(
    @CallerOf() { tenant }: Caller,
    @Query() { type, status, limit, cursor }: ListQuery,
  ): Promise<ViewList> {
    return this.views.list({
      ...{ tenant, limit },
      ...(type !== undefined && { type }),
      ...(status !== undefined && { status }),
      ...(cursor !== undefined && { before: cursor }),
    });
  }

  @Get(':id/standing')
  @Describe({
    summary: 'Tell why each open task does not go on, since when, and what a person can do',
    answers: { 200: ['What waits for a person comes first', StandingsReply] },
  })
  standing(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query() { atLeast, wait: waitMs }: ViewQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Standings> {
    return this.standings.of(caller, id, { atLeast, waitMs, gone: goneSignal(reply) });
  }

  @Get(':id')
  @Describe({ summary: "Read a workflow's view", answers: { 200: ['The view', ViewReply] } })
  async view(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query() { atLeast, wait: waitMs }: ViewQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const wanted = { atLeast, waitMs, gone: goneSignal(reply) };
    const { body, version } = await this.views.get(caller, id, wanted);
    await reply.type('application/json').header('etag', `"${version}"`).send(body);
  }
}
