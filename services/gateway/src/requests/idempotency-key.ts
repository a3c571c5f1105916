import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidRequest } from '../problems/errors.js';

const PATTERN = /^[\x21-\x7e]{1,255}$/;

/** The `Idempotency-Key` header; undefined when there is none. @throws InvalidRequest */
export const IdempotencyKey = createParamDecorator(
  (_: unknown, context: ExecutionContext): string | undefined => {
    const header = context.switchToHttp().getRequest<FastifyRequest>().headers['idempotency-key'];
    if (header === undefined) return undefined;
    if (typeof header === 'string' && PATTERN.test(header)) return header;
    throw new InvalidRequest('the header Idempotency-Key does not fit', [
      {
        path: 'Idempotency-Key',
        expected: 'must be 1 to 255 visible ASCII characters without spaces',
        came: JSON.stringify(header).slice(0, 200),
      },
    ]);
  },
);
