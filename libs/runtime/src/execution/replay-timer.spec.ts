import { describe, expect, it } from '@jest/globals';
import { ReplayTimer } from './replay-timer.js';

describe('the time of a replay', () => {
  it('is measured once, from its start', () => {
    let nowMs = 1000;
    const measured: number[] = [];
    const timer = new ReplayTimer({ monotonicMs: () => nowMs }, (seconds) => {
      measured.push(seconds);
    });
    timer.start();
    nowMs = 3500;
    timer.stop();
    timer.stop();
    expect([measured, timer.isRunning]).toEqual([[2.5], false]);
  });

  it('is not measured of what was never begun before', () => {
    const measured: number[] = [];
    new ReplayTimer({ monotonicMs: () => 0 }, (seconds) => measured.push(seconds)).stop();
    expect(measured).toEqual([]);
  });
});
