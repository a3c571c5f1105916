// Errors as RFC 9457 problems. HTTP numbers exist only here.

import { HttpException } from '@nestjs/common';
import { type ErrorKind, type FieldViolation, LockstepError } from '@lockstep/contracts';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** One answer that is not what was asked for. */
export interface Problem {
  /** Stable name of the code as a URI. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Path of the request. */
  readonly instance: string;
  /** Stable; see docs/reference/errors.md. */
  readonly code: string;
  readonly requestId: string;
  /** Each field of the request that does not fit. */
  readonly fields?: readonly FieldViolation[];
  /** Facts behind the detail, by code. */
  readonly details?: Readonly<Record<string, unknown>>;
}

const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  rejected: 422,
  conflict: 409,
  fenced: 409,
  transient: 503,
  permanent: 422,
  defect: 500,
};

/** Codes that HTTP has a more precise number for than for their kind. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  InvalidName: 400,
  InvalidRequest: 400,
  PayloadTooLarge: 413,
  NotAnOperator: 403,
  Unauthorized: 401,
  UnknownDeadLetter: 404,
  UnknownMessage: 404,
  UnknownSavepoint: 404,
  UnknownRedrive: 404,
  UnknownSignal: 404,
  UnknownTarget: 404,
  UnknownTask: 404,
  UnknownTaskContract: 404,
  UnknownVersion: 404,
  UnknownWorker: 404,
  UnknownWorkflow: 404,
  VersionMismatch: 412,
  WorkflowRetired: 410,
};

/** Names for what the HTTP server itself refuses. */
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'InvalidRequest',
  404: 'UnknownRoute',
  405: 'MethodNotAllowed',
  413: 'PayloadTooLarge',
  414: 'PathTooLong',
  415: 'UnsupportedMediaType',
  429: 'TooManyRequests',
  503: 'Unavailable',
};

export interface Occasion {
  readonly instance: string;
  readonly requestId: string;
}

export function problemOf(error: unknown, { instance, requestId }: Occasion): Problem {
  const { code, status, detail, ...more } = told(error);
  const type = `urn:lockstep:problem:${code}`;
  return { type, title: titleOf(code), status, detail, instance, code, requestId, ...more };
}

type Told = Pick<Problem, 'code' | 'status' | 'detail' | 'fields' | 'details'>;

function told(error: unknown): Told {
  if (error instanceof LockstepError) return toldByUs(error);
  if (isOutage(error)) return OUTAGE;
  if (error instanceof HttpException) return toldByHttp(error);
  const { statusCode: status } = (error ?? {}) as { statusCode?: unknown };
  if (typeof status !== 'number' || status >= 500) return DEFECT;
  return { code: codeOf(status), status, detail: (error as Error).message };
}

const codeOf = (status: number): string => CODE_OF_STATUS[status] ?? 'InvalidRequest';

/** What Nest refuses; a body that it does not make itself is told as details. */
function toldByHttp(error: HttpException): Told {
  const status = error.getStatus();
  if (status === 500) return DEFECT;
  const body = error.getResponse();
  const isOwn = typeof body === 'object' && !('statusCode' in body);
  return {
    code: codeOf(status),
    status,
    detail: error.message,
    ...(isOwn && { details: body as Record<string, unknown> }),
  };
}

function toldByUs(error: LockstepError): Told {
  const { code, kind, message, details } = error;
  const status = STATUS_OF_CODE[code] ?? STATUS_OF_KIND[kind];
  // What a defect says is for the log, not for callers.
  if (kind === 'defect') return { ...DEFECT, code };
  const { fields, ...facts } = { fields: (error as { fields?: unknown }).fields, ...details };
  return {
    code,
    status,
    detail: message,
    ...(isFields(fields) && { fields }),
    ...(Object.keys(facts).length > 0 && { details: facts }),
  };
}

const DEFECT: Told = {
  code: 'InternalError',
  status: 500,
  detail: 'this is a fault of the service; its log tells more under the request id',
};

const OUTAGE: Told = {
  code: 'StoreUnavailable',
  status: 503,
  detail: 'the store does not answer; repeat the request, under the same idempotency key, later',
};

const isFields = (value: unknown): value is FieldViolation[] =>
  Array.isArray(value) && value.length > 0;

/** Redis is away, loading, full, or was promoted a moment ago. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && /^(ECONN|EPIPE|ETIMEDOUT)/.test(code)) return true;
  if (error.name === 'MaxRetriesPerRequestError') return true;
  return /^(LOADING|READONLY|CLUSTERDOWN|MASTERDOWN|OOM|BUSY) |Connection is closed|Stream isn't writeable|Command timed out/.test(
    error.message,
  );
}

/** `IdempotencyConflict` is titled `Idempotency conflict`. */
function titleOf(code: string): string {
  return code.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
