import { describe, expect, it } from '@jest/globals';
import { type ErrorKind, LockstepError } from '@lockstep/contracts';
import { NotFoundException, ServiceUnavailableException } from '@nestjs/common';
import { InvalidRequest, UnknownWorkflow, VersionMismatch } from './errors.js';
import { problemOf } from './problem.js';

class Told extends LockstepError {
  readonly code = 'ToldOff';

  constructor(
    readonly kind: ErrorKind,
    details = {},
  ) {
    super('a secret', details);
  }
}

const told = (error: unknown) => problemOf(error, { instance: '/v1/x', requestId: 'q1' });

describe('a problem', () => {
  it('says what happened, where, under which request, and under a stable type', () => {
    expect(told(new UnknownWorkflow('wf-1'))).toEqual({
      type: 'urn:lockstep:problem:UnknownWorkflow',
      title: 'Unknown workflow',
      status: 404,
      detail: 'there is no workflow wf-1',
      instance: '/v1/x',
      code: 'UnknownWorkflow',
      requestId: 'q1',
      details: { id: 'wf-1' },
    });
  });

  it.each<[ErrorKind, number]>([
    ['rejected', 422],
    ['conflict', 409],
    ['fenced', 409],
    ['transient', 503],
    ['permanent', 422],
    ['defect', 500],
  ])('of kind %s has status %d', (kind, status) => {
    expect(told(new Told(kind)).status).toBe(status);
  });

  it('has a more precise status where HTTP knows one', () => {
    expect(told(new VersionMismatch('wf-1', 1, 2)).status).toBe(412);
  });

  it('lists each field that does not fit', () => {
    const fields = [{ path: 'a', expected: 'must be 1', came: '2' }];
    expect(told(new InvalidRequest('no', fields))).toMatchObject({ status: 400, fields });
  });

  it.each([new Told('defect', { secret: 1 }), new Error('a secret'), 'a secret', undefined])(
    'of ours tells callers nothing of what is inside',
    (error) => {
      expect(told(error).status).toBe(500);
      expect(JSON.stringify(told(error))).not.toContain('secret');
    },
  );

  it.each([
    Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
    new Error('Command timed out'),
    new Error('READONLY You cannot write against a read only replica.'),
    new Error("OOM command not allowed when used memory > 'maxmemory'."),
  ])('says that the store is away, not that we are broken', (error) => {
    expect(told(error)).toMatchObject({ status: 503, code: 'StoreUnavailable' });
  });

  it('tells what the HTTP server refuses in the same shape', () => {
    expect(told(new NotFoundException('Cannot GET /x'))).toMatchObject({
      status: 404,
      code: 'UnknownRoute',
      detail: 'Cannot GET /x',
    });
    const tooLarge = Object.assign(new Error('body is too large'), { statusCode: 413 });
    expect(told(tooLarge)).toMatchObject({ status: 413, code: 'PayloadTooLarge' });
  });

  it('keeps what a health check reports', () => {
    const report = { ok: false, checks: { redis: 'no answer' } };
    expect(told(new ServiceUnavailableException(report))).toMatchObject({
      status: 503,
      code: 'Unavailable',
      details: report,
    });
  });
});
