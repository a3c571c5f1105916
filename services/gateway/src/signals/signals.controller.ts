import { Body, HttpCode, Param, Post } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, IsOptional, Matches } from 'class-validator';
import type { Caller } from '../auth/api-keys.js';
import { CallerOf } from '../auth/caller.guard.js';
import { TenantController } from '../auth/tenant-controller.js';
import { Describe } from '../openapi/describe.js';
import { SignalReply } from '../openapi/replies.js';
import { InvalidRequest } from '../problems/errors.js';
import { IdempotencyKey } from '../requests/idempotency-key.js';
import { Signals, type SignalSent } from './signals.js';

export class SignalBody {
  @ApiPropertyOptional({ description: "The sender's id of the signal, unless Idempotency-Key is" })
  @IsOptional()
  @Matches(/^[\x21-\x7e]{1,255}$/, { message: '$property must be 1 to 255 visible characters' })
  readonly id?: string;

  @ApiPropertyOptional({
    description: "What the signal's contract asks for; left out where it asks for nothing",
    type: 'object',
    additionalProperties: true,
  })
  @Allow()
  readonly payload?: unknown;
}

@TenantController('v1/workflows/:id/signals')
export class SignalsController {
  constructor(private readonly signals: Signals) {}

  @Post(':name')
  @Describe({
    summary: 'Tell a workflow something',
    headers: ['Idempotency-Key'],
    answers: { 200: ['Recorded, now or before', SignalReply] },
  })
  @HttpCode(200)
  send(
    @CallerOf() caller: Caller,
    @Param('id') id: string,
    @Param('name') name: string,
    @Body() { id: bodyId, payload }: SignalBody,
    @IdempotencyKey() key: string | undefined,
  ): Promise<SignalSent> {
    return this.signals.send(caller, id, name, { signalId: oneId(bodyId, key), payload });
  }
}

/** A signal without an id would be taken twice when its sender repeats it. */
function oneId(bodyId: string | undefined, key: string | undefined): string {
  const id = bodyId ?? key;
  if (id === undefined) {
    throw new InvalidRequest('a signal needs an id: the header Idempotency-Key, or `id`');
  }
  if (key !== undefined && key !== id) {
    throw new InvalidRequest('`id` and the header Idempotency-Key differ; send one of them');
  }
  return id;
}
