import { Get, Param, Query, Res } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { ResultReply } from '../openapi/replies.js';
import { goneSignal } from '../requests/gone.js';
import { IsWait } from '../requests/wait.js';
import { type Outcome, Results } from './results.js';

export class ResultQuery {
  @ApiPropertyOptional({
    description: 'How long to wait, at most 60s',
    type: String,
    example: '30s',
  })
  @IsWait()
  readonly wait: number = 0;
}

@TenantController('v1/workflows/:id/result')
export class ResultController {
  constructor(private readonly results: Results) {}

  @Get()
  @Describe({
    summary: 'Read the result, waiting for it if asked to',
    answers: {
      200: ['The result', ResultReply],
      202: ['It has not come yet; ask again', ResultReply],
    },
  })
  async result(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Query() { wait }: ResultQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const outcome = await this.results.wait(caller, id, wait, goneSignal(reply));
    await reply
      .status(outcome.result === null ? 202 : 200)
      .type('application/json')
      .send(outcomeJson(outcome));
  }
}

function outcomeJson({ head: { wf, type, status, version }, result }: Outcome): string {
  const told = JSON.stringify({ id: wf, type, status, version });
  return `${told.slice(0, -1)},"result":${result ?? 'null'}}`;
}
