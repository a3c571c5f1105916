import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonical, digestOf, sha256 } from './canonical.js';

describe('canonical JSON', () => {
  it.each([
    [{ b: 1, a: [true, null, 'ü"\n'] }, '{"a":[true,null,"ü\\"\\n"],"b":1}'],
    [{ zip: 1, '9': 2, '10': 3 }, '{"10":3,"9":2,"zip":1}'],
    [{ B: 1, a: 2 }, '{"B":1,"a":2}'],
    [135.0, '135'],
    [-0, '0'],
    [14.739999999999952, '14.739999999999952'],
    [{ left: undefined, right: {} }, '{"right":{}}'],
    ['', '""'],
  ])('of %j is %s', (value, text) => {
    expect(canonical(value)).toBe(text);
  });

  it('is the same for a value and for what its JSON text reads back to', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(JSON.parse(JSON.stringify(value)))).toBe(canonical(value));
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('does not depend on the order in which members were added', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse());
        expect(canonical(reversed)).toBe(canonical(object));
      }),
    );
  });
});

it('digests the UTF-8 bytes of the canonical text', () => {
  expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(digestOf({ é: 1 })).toBe(sha256('{"é":1}'));
});
