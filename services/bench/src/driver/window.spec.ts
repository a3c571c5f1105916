import { describe, expect, it } from '@jest/globals';
import { Window } from './window.js';

describe('a window', () => {
  it('counts from when enough have ended until its time is over', () => {
    const window = new Window(4, 100);
    const wantsMore = [
      [2, 10],
      [5, 20],
      [50, 119],
      [60, 130],
      [70, 140],
    ].map(([ended = 0, atMs = 0]) => window.see(ended, atMs));
    expect(wantsMore).toEqual([true, true, true, false, false]);
    expect(window.load).toEqual({ ended: 55, windowMs: 110 });
  });

  it('has nothing to tell before it has closed', () => {
    const window = new Window(4, 100);
    window.see(5, 20);
    expect(() => window.load).toThrow('not closed');
  });
});
