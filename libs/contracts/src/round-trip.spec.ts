import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { ContractViolation, decodeRequest, encodeRequest } from './index.js';
import { payments, type RefundRequest } from '../test/sample.js';

const { refund } = payments;

const json = fc.jsonValue({ maxDepth: 4 });
const line = fc.record({ sku: fc.string(), price: fc.integer({ min: 1 }) });
const requests: fc.Arbitrary<RefundRequest> = fc.record(
  {
    orderId: fc.string(),
    items: fc.array(line, { minLength: 1, maxLength: 5 }),
    customer: fc.record({ name: fc.string({ maxLength: 40 }) }),
    tags: fc.array(fc.string()),
    origin: fc.dictionary(fc.string(), json).filter(hasPlainKeys),
  },
  { requiredKeys: ['orderId', 'items', 'customer', 'tags'] },
);

/** Keys that every object has are refused; see json.ts. */
function hasPlainKeys(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, field]) => !(key in {}) && hasPlainKeys(field));
}

describe('a request on its way', () => {
  it('is received as it was sent, to the last bit', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const received = decodeRequest(refund, encodeRequest(refund, request));
        expect(JSON.stringify(received)).toBe(JSON.stringify(request));
      }),
    );
  });

  it('is the same text however often it is passed on', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const sent = encodeRequest(refund, request);
        expect(encodeRequest(refund, decodeRequest(refund, sent))).toEqual(sent);
      }),
    );
  });

  it('is accepted when received exactly if it was accepted when sent', () => {
    const anything = fc.oneof(
      json,
      fc.record({ orderId: json, items: json, customer: json, tags: json }),
    );
    fc.assert(
      fc.property(fc.oneof(requests, anything), (value) => {
        const sent = verdict(() => encodeRequest(refund, value as RefundRequest));
        const received = verdict(() =>
          decodeRequest(refund, { version: 1, body: JSON.stringify(value) }),
        );
        expect(received).toBe(sent);
      }),
    );
  });
});

/** A value is accepted or it is a violation; any other error is a defect, and fails the test. */
function verdict(act: () => unknown): string {
  try {
    act();
    return 'accepted';
  } catch (error) {
    if (error instanceof ContractViolation) return error.message;
    throw error;
  }
}
