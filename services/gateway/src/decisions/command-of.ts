import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../auth/caller.guard.js';
import { commandIdIn } from '../requests/idempotency-key.js';
import { ifMatchOf } from '../requests/if-match.js';
import type { Command } from './decisions.js';
import type { DecisionBody } from './decisions.requests.js';

type Request = FastifyRequest<{ Params: { readonly id: string }; Body: DecisionBody | null }>;

/**
 * Who decides, about which workflow, under which id, and the version that they saw: as the header says, else the body.
 *
 * @throws InvalidRequest when a header does not fit; the body is validated where it is taken
 */
export const CommandOf = createParamDecorator((_: unknown, context: ExecutionContext): Command => {
  const request = context.switchToHttp().getRequest<Request>();
  return {
    caller: callerOf(request),
    id: request.params.id,
    commandId: commandIdIn(request),
    seen: ifMatchOf(request) ?? request.body?.version,
  };
});
