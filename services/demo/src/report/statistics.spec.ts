import { describe, expect, it } from '@jest/globals';
import { median, worst } from './statistics.js';

describe('the median', () => {
  it.each([
    [[], undefined],
    [[3], 3],
    [[3, 1], 2],
    [[9, 1, 2], 2],
    [[10, 1, 2, 4], 3],
  ])('of %j is %p', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('the worst', () => {
  it('is the greatest, and nothing where there is nothing', () => {
    expect(worst([2, 10, 9])).toBe(10);
    expect(worst([])).toBeUndefined();
  });
});
