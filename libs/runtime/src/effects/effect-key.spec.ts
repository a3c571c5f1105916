import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkKey, providerKey, undoKey } from './effect-key.js';

const refused = (key: unknown): string => {
  try {
    checkKey('pay', key);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('the key of an effect', () => {
  it.each(['order-1', '#W2611340', '#1042', 'order #7', 'día/{1}%', 'x'.repeat(256)])(
    'may be %p',
    (key) => {
      expect(refused(key)).toBe('');
    },
  );

  it.each<[unknown, string]>([
    ['', '1 to 256 characters'],
    ['x'.repeat(257), '1 to 256 characters'],
    [7, '1 to 256 characters'],
    [undefined, '1 to 256 characters'],
    ['a\nb', 'no line breaks'],
    ['order~2', 'does not end in ~ and a number'],
  ])('is refused as %p, by the name of its effect', (key, rule) => {
    expect(refused(key)).toContain('cannot be the key of effect pay');
    expect(refused(key)).toContain(rule);
  });

  it.each([1, 2, 10])(
    'is one that may be used as well for what undoes occurrence %p',
    (occurrence) => {
      for (const key of ['order-1', '#1042', 'x'.repeat(256)])
        expect(refused(undoKey(key, occurrence))).toBe('');
    },
  );

  it('G5: no two occurrences of any two keys are one action to the provider', () => {
    const keys = fc.string({ unit: fc.constantFrom('a', '~', '1', '2'), maxLength: 5 });
    const uses = fc.tuple(
      keys.filter((key) => refused(key) === ''),
      fc.integer({ min: 1, max: 22 }),
    );
    fc.assert(
      fc.property(uses, uses, ([one, first], [other, second]) => {
        fc.pre(one !== other || first !== second);
        expect(providerKey(one, first)).not.toBe(providerKey(other, second));
        expect(undoKey(one, first)).not.toBe(undoKey(other, second));
      }),
      { numRuns: 1000 },
    );
  });
});
