import { describe, expect, it } from '@jest/globals';
import { Nothing, role, task } from '@lockstep/contracts';
import { Task } from './task.decorator.js';

const orders = role('orders', { find: task(Nothing, Nothing) });

describe('the settings of a task', () => {
  it('may bound its attempts and their time', () => {
    const retry = { attempts: 3, totalMs: 60_000 };
    expect(() => Task(orders.find, { timeout: '30s', retry })).not.toThrow();
  });

  it('are refused with everything that is wrong with them, when the class is made', () => {
    expect(() => Task(orders.find, { timeout: 0, retry: { attempts: 0 } })).toThrow(
      /^@Task of orders@1\/find cannot be as it is set: timeout is 0 ms.*; retry.attempts is 0/,
    );
  });
});
