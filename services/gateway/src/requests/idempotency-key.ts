import { randomUUID } from 'node:crypto';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidRequest } from '../problems/errors.js';

const PATTERN = /^[\x21-\x7e]{1,255}$/;
const HEADER = 'Idempotency-Key';

/**
 * The `Idempotency-Key` header; undefined when there is none.
 *
 * @throws InvalidRequest when it is not 1 to 255 visible ASCII characters
 */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext) =>
  keyOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** As {@link IdempotencyKey}, for a command: one that comes without a key is one of its own. */
export const CommandId = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  commandIdIn(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** As {@link CommandId}. */
export const commandIdIn = (request: FastifyRequest): string => keyOf(request) ?? randomUUID();

function keyOf({ headers }: FastifyRequest): string | undefined {
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  if (typeof header === 'string' && PATTERN.test(header)) return header;
  const expected = 'must be 1 to 255 visible ASCII characters without spaces';
  const came = JSON.stringify(header).slice(0, 200);
  throw new InvalidRequest(`the header ${HEADER} does not fit`, [{ path: HEADER, expected, came }]);
}
