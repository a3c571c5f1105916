import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { seedOf } from './extent.js';

describe('the seed of a test', () => {
  afterEach(() => {
    delete process.env['LOCKSTEP_TEST_SEED'];
    jest.restoreAllMocks();
  });

  it('is the one that is set, and is printed so that it can be set', () => {
    const print = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    process.env['LOCKSTEP_TEST_SEED'] = '42';
    expect(seedOf('a test')).toBe(42);
    expect(print).toHaveBeenCalledWith('a test: LOCKSTEP_TEST_SEED=42\n');
  });

  it('is drawn where none is set', () => {
    jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(seedOf('a test')).toBeGreaterThanOrEqual(1);
  });

  it.each(['x', '0', '1.5', ''])('cannot be "%s"', (text) => {
    process.env['LOCKSTEP_TEST_SEED'] = text;
    expect(() => seedOf('a test')).toThrow('LOCKSTEP_TEST_SEED');
  });
});
