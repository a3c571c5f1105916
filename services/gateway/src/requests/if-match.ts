import type { Version } from '@lockstep/kernel';
import type { FastifyRequest } from 'fastify';
import { InvalidRequest } from '../problems/errors.js';

const PATTERN = /^(?:W\/)?"?(\d{1,15})"?$/;

/**
 * The version that the caller saw, from the `If-Match` header; undefined when there is none, or `*`.
 *
 * @throws InvalidRequest when it is no version
 */
export function ifMatchOf({ headers }: FastifyRequest): Version | undefined {
  const header = headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const version = PATTERN.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  const expected = 'must be a version of the workflow, as in "12"';
  const came = JSON.stringify(header).slice(0, 200);
  throw new InvalidRequest('the header If-Match does not fit', [
    { path: 'If-Match', expected, came },
  ]);
}
