import { afterEach, describe, expect, it } from '@jest/globals';
import { parseOptions } from './options.js';
import { SAMPLE } from './project.js';

const parse = (...args: string[]) => parseOptions(['node', 'main.js', ...args]);

describe('the command line', () => {
  afterEach(() => {
    delete process.env['LOCKSTEP_REDIS_URL'];
  });

  it('runs the sample lightly disturbed and stays up when nothing else is said', () => {
    expect(parse()).toEqual({
      ...{ exit: false, data: SAMPLE, allOrNothing: false },
      ...{ chaos: 'light', seed: 1 },
    });
  });

  it('takes everything that can be said', () => {
    const args = ['--exit', '--data', 'd', '--sequence', 'all-in-order', '--sample', '6'];
    expect(parse(...args, '--chaos', 'heavy', '--seed', '7')).toEqual({
      exit: true,
      data: 'd',
      sequence: 'all-in-order',
      sample: 6,
      allOrNothing: false,
      chaos: 'heavy',
      seed: 7,
    });
  });

  it('undoes jobs that cannot be done whole, each in a database of its own', () => {
    expect(parse('--all-or-nothing').allOrNothing).toBe(true);
  });

  it('uses a Redis that the environment names', () => {
    process.env['LOCKSTEP_REDIS_URL'] = 'redis://127.0.0.1:6380';
    expect(parse().redis).toBe('redis://127.0.0.1:6380');
  });
});
