import { describe, expect, it } from '@jest/globals';
import { RETAIL_TOOLS, run } from './run.js';

const empty = { find: () => undefined, all: () => [] };

const calculate = (expression: string) => run(empty, RETAIL_TOOLS.calculate, { expression }).answer;

describe('calculate', () => {
  it.each([
    ['3131.1 + 4777.75 + 367.38', '8276.23'],
    ['100 + 35', '135.0'],
    ['2 + 3 * 4', '14.0'],
    ['(2 + 3) * 4', '20.0'],
    ['10 - 2 - 3', '5.0'],
    ['-(1.5 - 2) / 2', '0.25'],
    ['8 / 2 / 2', '2.0'],
    ['.5 * 3', '1.5'],
    ['1 - 1', '0.0'],
  ])('says that %s is %s', (expression, value) => {
    expect(calculate(expression)).toEqual({ ok: true, value });
  });

  it('refuses any other character', () => {
    const error = 'Error: invalid characters in expression';
    expect(calculate('process.exit()')).toEqual({ ok: false, error });
  });

  it.each(['', '1 +', '(1', '1)', '1 2', '1 / 0', '..', '* 2'])('refuses %j', (expression) => {
    expect(calculate(expression)).toEqual({ ok: false, error: 'Error: invalid expression' });
  });
});
