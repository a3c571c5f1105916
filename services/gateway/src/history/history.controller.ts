import { Readable } from 'node:stream';
import { Get, Headers, Param, Query, Res } from '@nestjs/common';
import { viewJson } from '@lockstep/kernel';
import { type Head, LogReader } from '@lockstep/store';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { EventsReply, ViewReply } from '../openapi/replies.js';
import { OwnWorkflows } from '../workflows/own-workflows.js';
import { eventJson } from './event-json.js';
import { EventsQuery, StateQuery } from './history.requests.js';
import { States } from './states.js';

const NDJSON = 'application/x-ndjson';
const PAGE = 100;

@TenantController('v1/workflows/:id')
export class HistoryController {
  constructor(
    private readonly workflows: OwnWorkflows,
    private readonly log: LogReader,
    private readonly states: States,
  ) {}

  @Get('events')
  @Describe({
    summary: 'Read the log: a page as JSON, or lines as NDJSON by Accept',
    answers: { 200: ['Events in order', EventsReply] },
    produces: ['application/json', NDJSON],
  })
  async events(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query() { after, limit }: EventsQuery,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const head = await this.workflows.head(caller, id);
    void reply.header('vary', 'accept');
    if (accept?.includes(NDJSON)) {
      await reply.type(NDJSON).send(Readable.from(this.lines(head, after, limit ?? Infinity)));
      return;
    }
    await reply.type('application/json').send(await this.page(head, after, limit ?? PAGE));
  }

  @Get('state')
  @Describe({
    summary: 'Read the view as it was at any version',
    answers: { 200: ['Folded from the log', ViewReply] },
  })
  async state(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query() { version }: StateQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const head = await this.workflows.head(caller, id);
    const view = await this.states.at(head, version);
    await reply.type('application/json').send(viewJson(view));
  }

  private async page(head: Head, after: number, limit: number): Promise<string> {
    const to = Math.min(after + limit, head.version);
    const events = to > after ? await this.log.all(head.wf, after + 1, to) : [];
    const next = to < head.version ? to : null;
    return `{"events":[${events.map(eventJson).join(',')}],"next":${JSON.stringify(next)}}`;
  }

  /** Read as fast as the client takes it. */
  private async *lines(head: Head, after: number, limit: number): AsyncGenerator<string> {
    const to = Math.min(after + limit, head.version);
    if (to <= after) return;
    for await (const event of this.log.read(head.wf, after + 1, to)) yield `${eventJson(event)}\n`;
  }
}
