import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RedisConnections } from '../store/redis-connections.js';
import { Health } from './health.js';
import { Loops } from './loops.js';

describe('the loops of a process', () => {
  let health: Health;
  let loops: Loops;
  let steadyMs: number;

  beforeEach(() => {
    jest.useFakeTimers();
    health = new Health();
    steadyMs = Infinity;
    loops = new Loops(health, { steadyMs: () => steadyMs } as RedisConnections);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('keep the process live while each makes its turns', async () => {
    const turn = loops.watch('deliveries');
    for (let minute = 0; minute < 3; minute += 1) {
      turn();
      jest.advanceTimersByTime(10_000);
    }
    expect((await health.live()).ok).toBe(true);
  });

  it('make it not live when one is stuck', async () => {
    loops.watch('heartbeat')();
    jest.advanceTimersByTime(16_000);
    expect(await health.live()).toEqual({
      ok: false,
      checks: { loops: 'the loop heartbeat made no turn for 16000 ms' },
    });
  });

  it('are not stuck while they wait for Redis, nor before they had time to go on', async () => {
    loops.watch('heartbeat')();
    jest.advanceTimersByTime(60_000);
    for (steadyMs of [0, 10_000]) expect((await health.live()).ok).toBe(true);
  });

  it('are not watched before their first turn', async () => {
    loops.watch('heartbeat');
    jest.advanceTimersByTime(60_000);
    expect((await health.live()).ok).toBe(true);
  });
});
