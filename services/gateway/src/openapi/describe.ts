import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import { PROBLEM_MEDIA_TYPE } from '../problems/problem.js';
import { ProblemReply } from './replies.js';

const HEADERS = {
  'Idempotency-Key': 'Names the request: a repeat under it changes nothing and is answered alike',
  'If-Match': 'The version that was seen; another one is refused with 412',
  'Last-Event-ID': 'The last event that the client has; the stream goes on behind it',
} as const;

type ContentOf = Record<string, { schema: { $ref: string } }>;

export interface Description {
  readonly summary: string;
  readonly headers?: readonly (keyof typeof HEADERS)[];
  /** By status: in words, and the class of its body if it is JSON. */
  readonly answers: Readonly<Record<number, readonly [description: string, body?: Type]>>;
  /** Media types of the answers; default JSON. */
  readonly produces?: readonly string[];
}

/** What OpenAPI tells of a route; that it may answer a problem goes without saying. */
export function Describe(description: Description): MethodDecorator {
  const { summary, headers = [], answers, produces = ['application/json'] } = description;
  return applyDecorators(
    ApiOperation({ summary }),
    ...headers.map((name) => ApiHeader({ name, description: HEADERS[name], required: false })),
    ...Object.entries(answers).map(([status, [text, body]]) =>
      answer(Number(status), text, body, produces),
    ),
    problem,
  );
}

function answer(
  status: number,
  description: string,
  body: Type | undefined,
  produces: readonly string[],
): MethodDecorator {
  if (!body) return ApiResponse({ status, description });
  const content = produces.map((type) => [type, { schema: { $ref: getSchemaPath(body) } }]);
  return applyDecorators(
    ApiExtraModels(body),
    ApiResponse({ status, description, content: Object.fromEntries(content) as ContentOf }),
  );
}

const problem = applyDecorators(
  ApiExtraModels(ProblemReply),
  ApiResponse({
    status: 'default',
    description: 'A problem (RFC 9457)',
    content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: getSchemaPath(ProblemReply) } } },
  }),
);
