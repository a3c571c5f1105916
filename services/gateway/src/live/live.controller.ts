import { Get, Headers, Param, Res } from '@nestjs/common';
import type { Version } from '@lockstep/kernel';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { EventReply, SummaryReply } from '../openapi/replies.js';
import { InvalidRequest } from '../problems/errors.js';
import { goneSignal } from '../requests/gone.js';
import { OwnWorkflows } from '../workflows/own-workflows.js';
import { sendEvents } from './sse.js';
import { TenantStream } from './tenant-stream.js';
import { hasEnded, WorkflowStream } from './workflow-stream.js';

@TenantController('v1')
export class LiveController {
  constructor(
    private readonly workflows: OwnWorkflows,
    private readonly workflowStream: WorkflowStream,
    private readonly tenantStream: TenantStream,
  ) {}

  @Get('workflows/:id/live')
  @Describe({
    summary: "Follow a workflow's events (SSE) until it has ended",
    headers: ['Last-Event-ID'],
    answers: {
      200: ["Each event under its type, its version as id; at last 'end'", EventReply],
      204: ['It has ended, and the client has all of it'],
    },
    produces: ['text/event-stream'],
  })
  async workflow(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const gone = goneSignal(reply);
    const head = await this.workflows.head(caller, id);
    const after = versionOf(lastEventId);
    if (hasEnded(head) && after >= head.version) {
      await reply.status(204).send(); // which tells an EventSource not to come back
      return;
    }
    await sendEvents(reply, this.workflowStream.open(caller, head, after, gone));
  }

  @Get('live')
  @Describe({
    summary: "Follow the changes of the tenant's workflows (SSE)",
    answers: {
      200: [
        "'workflow' for each change; 'reset' when some may be missing: read the list",
        SummaryReply,
      ],
    },
    produces: ['text/event-stream'],
  })
  async tenant(@CallerOf() caller: Caller, @Res() reply: FastifyReply): Promise<void> {
    await sendEvents(reply, this.tenantStream.open(caller, goneSignal(reply)));
  }
}

/** @throws InvalidRequest when it is no version */
function versionOf(lastEventId = '0'): Version {
  if (/^\d{1,15}$/.test(lastEventId)) return Number(lastEventId);
  throw new InvalidRequest('the header Last-Event-ID does not fit', [
    {
      path: 'Last-Event-ID',
      expected: 'must be the id of an event of this stream',
      came: JSON.stringify(lastEventId).slice(0, 200),
    },
  ]);
}
