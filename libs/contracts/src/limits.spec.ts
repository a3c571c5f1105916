import { describe, expect, it } from '@jest/globals';
import { IsInt } from 'class-validator';
import { InvalidContract, role, task, workflow } from './index.js';

class Count {
  @IsInt() n!: number;
}

const root = role('clerk', { run: task(Count, Count) }).run;

const limited = (limits: object) => workflow('job', { root, limits });

describe('the limits of a workflow', () => {
  it('are kept in its contract', () => {
    expect(limited({ tasks: 10, wallClockMs: 60_000 }).limits).toEqual({
      tasks: 10,
      wallClockMs: 60_000,
    });
  });

  it('are none unless they are given', () => {
    expect(workflow('job', { root }).limits).toEqual({});
  });

  it.each([[{ tasks: 0 }], [{ events: 1.5 }], [{ wallClockMs: '1h' }], [{ hops: 3 }]])(
    'cannot be %p',
    (limits) => {
      expect(() => limited(limits)).toThrow(InvalidContract);
    },
  );
});
