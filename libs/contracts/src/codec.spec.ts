import { describe, expect, it } from '@jest/globals';

import {
  type EncodedPayload,
  type FieldViolation,
  ContractTooNew,
  ContractViolation,
  decodeRequest,
  decodeResult,
  decodeSignal,
  decodeStart,
  encodeRequest,
  encodeResult,
  encodeSignal,
  encodeStart,
  encodeStateChange,
  role,
  task,
  workflow,
} from './index.js';
import {
  Customer,
  Line,
  notifier,
  payments,
  refundJob,
  RefundRequest,
  refundRequest,
} from '../test/sample.js';

const { refund } = payments;

const bodyOf = (value: unknown): EncodedPayload => ({ version: 1, body: JSON.stringify(value) });

function violationsOf(act: () => unknown): readonly FieldViolation[] {
  try {
    act();
  } catch (error) {
    if (error instanceof ContractViolation) return error.fields;
    throw error;
  }
  return [];
}

const sending = (change: object) =>
  violationsOf(() => encodeRequest(refund, { ...refundRequest, ...change }));
const receiving = (change: object) =>
  violationsOf(() => decodeRequest(refund, bodyOf({ ...refundRequest, ...change })));

describe('a request that keeps its contract', () => {
  it('is written down with the version of its contract, from a plain object', () => {
    const { version, body } = encodeRequest(refund, refundRequest);
    expect({ version, plain: JSON.parse(body) as unknown }).toEqual({
      version: 1,
      plain: refundRequest,
    });
  });

  it('is received as instances of its classes, nested ones included', () => {
    const request = decodeRequest(refund, encodeRequest(refund, refundRequest));
    expect(request).toBeInstanceOf(RefundRequest);
    expect(request.items[1]).toBeInstanceOf(Line);
    expect(request.customer).toBeInstanceOf(Customer);
  });

  it('can be sent on as it was received', () => {
    const sent = encodeRequest(refund, refundRequest);
    expect(encodeRequest(refund, decodeRequest(refund, sent))).toEqual(sent);
  });

  it('may carry a field that is undefined, which is then absent', () => {
    const { body } = encodeRequest(refund, { ...refundRequest, note: undefined } as RefundRequest);
    expect(body).not.toContain('note');
  });
});

describe.each([
  ['sent', sending],
  ['received', receiving],
])('a violation when %s', (_direction, violations) => {
  it.each([
    ['a missing field', { orderId: undefined }, 'orderId', 'must be a string'],
    [
      'a number written as text',
      { items: [{ sku: 'a', price: '5' }] },
      'items[0].price',
      'must be',
    ],
    ['a field that the class does not know', { extra: 1 }, 'extra', 'should not exist'],
    ['an array in place of an object', { customer: [] }, 'customer', 'must be an object'],
    [
      'an object in place of an array',
      { items: { sku: 'a', price: 1 } },
      'items',
      'must be an array',
    ],
    ['a missing nested object', { customer: undefined }, 'customer', 'must be an object'],
    ['null in a nested array', { items: [null] }, 'items[0]', 'nested property'],
    [
      'an item of the wrong type',
      { tags: ['a', 5] },
      'tags',
      'each value in tags must be a string',
    ],
    [
      'a key that every object has',
      { origin: { toString: 'x' } },
      'origin.toString',
      'used as a key',
    ],
  ])('names the path and the rule for %s', (_case, change, path, expected) => {
    expect(violations(change)).toContainEqual(
      expect.objectContaining({ path, expected: expect.stringContaining(expected) }),
    );
  });

  it('shows what came, but never more than 200 characters of it', () => {
    const name = 'x'.repeat(10_000);
    const [violation] = violations({ customer: { name } });
    expect(violation?.path).toBe('customer.name');
    expect(violation?.came).toMatch(/^"x{198}…$/);
  });

  it('lists every broken field', () => {
    const items = [
      { sku: 'a', price: 1 },
      { sku: 2, price: 1 },
      { sku: 'c', price: -3 },
    ];
    expect(violations({ items, orderId: 7 }).map(({ path }) => path)).toEqual([
      'orderId',
      'items[1].sku',
      'items[2].price',
    ]);
  });
});

describe('what is not JSON', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;

  it.each([
    ['a map', { origin: { of: new Map() } }, 'origin.of', 'Map(0) {}'],
    ['a date', { origin: { at: new Date(0) } }, 'origin.at', '1970-01-01T00:00:00.000Z'],
    ['NaN', { origin: { n: [NaN] } }, 'origin.n[0]', 'NaN'],
    ['a bigint', { origin: { n: 1n } }, 'origin.n', '1n'],
    ['undefined within an array', { tags: [undefined] }, 'tags[0]', 'undefined'],
  ])('is refused before it is sent: %s', (_case, change, path, came) => {
    expect(sending(change)).toEqual([expect.objectContaining({ path, came })]);
  });

  it('is refused before it is sent: a cycle', () => {
    expect(sending({ origin: cycle })[0]?.expected).toBe('must not nest deeper than 64 levels');
  });

  it('is refused when received: a body that is no JSON text', () => {
    const broken = { version: 1, body: '{"orderId":' };
    expect(violationsOf(() => decodeRequest(refund, broken))).toEqual([
      { path: '', expected: 'must be JSON text', came: '"{\\"orderId\\":"' },
    ]);
  });

  it.each(['null', '[]', '5', '"text"'])('is refused when received: %s for an object', (body) => {
    expect(violationsOf(() => decodeRequest(refund, { version: 1, body }))).toEqual([
      { path: '', expected: 'must be an object (RefundRequest)', came: body },
    ]);
  });

  it('cannot reach the prototype of anything', () => {
    const body = JSON.stringify(refundRequest).replace('{', '{"__proto__":{"admin":true},');
    expect(violationsOf(() => decodeRequest(refund, { version: 1, body }))).toEqual([
      { path: '__proto__', expected: 'must not be used as a key', came: '"__proto__"' },
    ]);
    expect({}).not.toHaveProperty('admin');
  });

  it('is refused however deep it nests', () => {
    const body = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(violationsOf(() => decodeRequest(refund, { version: 1, body }))).toHaveLength(1);
  });
});

describe('the error of a violation', () => {
  const bad = { entryId: 'e1', currency: 'GBP' };

  it('is permanent and names role, task and direction', () => {
    expect(() => encodeResult(refund, bad)).toThrow(
      expect.objectContaining({
        kind: 'permanent',
        code: 'ContractViolation',
        message:
          'the result of task payments.refund violates its contract: ' +
          'currency: must be one of the following values: EUR, USD, came "GBP"',
        details: expect.objectContaining({
          role: 'payments',
          task: 'refund',
          direction: 'result',
        }) as unknown,
      }),
    );
  });

  it('names the workflow that could not start', () => {
    expect(() => decodeStart(refundJob, bodyOf({}))).toThrow(
      /^the request of workflow refund-job, task payments.refund violates/,
    );
  });

  it('names the signal', () => {
    expect(() => decodeSignal(refundJob.signals.approve, bodyOf({ by: 1 }))).toThrow(
      'the signal of workflow refund-job, signal approve violates its contract: by: must be a string, came 1',
    );
  });

  it('keeps at most 20 fields', () => {
    const items = Array.from({ length: 50 }, () => ({ sku: 1, price: 1 }));
    expect(() => decodeRequest(refund, bodyOf({ ...refundRequest, items }))).toThrow(
      /; and 30 more$/,
    );
    expect(receiving({ items })).toHaveLength(20);
  });
});

describe('a payload of another version', () => {
  it('is left for a newer service when a later release wrote it', () => {
    expect(() => decodeRequest(refund, { version: 2, body: '{}' })).toThrow(ContractTooNew);
    expect(() => decodeRequest(refund, { version: 2, body: '{}' })).toThrow(
      /deploy the newer service/,
    );
  });

  it('is written so that older services can read the side that has not changed', () => {
    const upcast = { 1: (old: unknown) => old };
    const asksMore = task(refund.request, refund.result, { version: 2, upcast });
    const newer = role('payments', { refund: asksMore }).refund;
    const receipt = { entryId: 'e1', currency: 'EUR' };
    expect(decodeResult(refund, encodeResult(newer, receipt))).toEqual(receipt);
    expect(encodeRequest(newer, refundRequest).version).toBe(2);
  });

  it.each([0, -1, 1.5, 0.5, NaN])('is refused when its version is %p', (version) => {
    expect(() =>
      decodeRequest(refund, { ...encodeRequest(refund, refundRequest), version }),
    ).toThrow();
  });
});

describe('results, starts and signals', () => {
  it('keep their payload on the way', () => {
    const receipt = { entryId: 'e1', currency: 'EUR' };
    expect(decodeResult(refund, encodeResult(refund, receipt))).toEqual(receipt);
    expect(decodeStart(refundJob, encodeStart(refundJob, refundRequest))).toEqual(refundRequest);
    const { approve } = refundJob.signals;
    expect(decodeSignal(approve, encodeSignal(approve, { by: 'mia' }))).toEqual({ by: 'mia' });
  });

  it('may be nothing', () => {
    const read = (body: string) => decodeResult<unknown>(notifier.send, { version: 1, body });
    expect(encodeResult(notifier.send, undefined)).toEqual({ version: 1, body: 'null' });
    expect(read('null')).toBeUndefined();
    expect(() => read('{"text":"hi"}')).toThrow(
      'the payload: must be nothing (null), came {"text":"hi"}',
    );
  });
});

describe('a change of the shared state', () => {
  it('is refused where the workflow has none', () => {
    const stateless = workflow('stateless', { root: refund });
    expect(() => encodeStateChange(stateless, { phase: 'x' } as never)).toThrow(
      'the state of workflow stateless violates its contract: the payload: an unknown value',
    );
  });

  it('holds any of its fields', () => {
    const change = { notes: [{ text: 'called' }], refunds: 2 };
    expect(encodeStateChange(refundJob, change)).toEqual({
      version: 1,
      body: JSON.stringify(change),
    });
  });

  it.each([
    ['a field without a merge', { other: 1 }, 'other'],
    ['a sum of text', { refunds: '2' }, 'refunds'],
    ['an append that is no array', { notes: { text: 'called' } }, 'notes'],
    ['an appended item that breaks its rule', { notes: [{ text: 1 }] }, 'notes[0].text'],
    ['a union of objects', { tags: [{}] }, 'tags'],
  ])('is refused for %s', (_case, change, path) => {
    const violations = violationsOf(() => encodeStateChange(refundJob, change as object));
    expect(violations.map((violation) => violation.path)).toEqual([path]);
  });
});
