import { describe, expect, it } from '@jest/globals';
import { LoopWatchdog } from './loop-watchdog.js';

describe('the watchdog of loops', () => {
  it('names a loop that has shown no progress for longer than it may', () => {
    const watchdog = new LoopWatchdog();
    watchdog.watch('inbox', 1000, 0);
    watchdog.watch('beat', 5000, 0);
    expect(watchdog.stuck(1000)).toEqual([]);
    expect(watchdog.stuck(1001)).toEqual([{ name: 'inbox', silentMs: 1001 }]);
  });

  it('is content again once the loop moves', () => {
    const watchdog = new LoopWatchdog();
    watchdog.watch('inbox', 1000, 0);
    watchdog.progress('inbox', 1500);
    expect(watchdog.stuck(2500)).toEqual([]);
  });

  it('forgets a loop that has ended', () => {
    const watchdog = new LoopWatchdog();
    watchdog.watch('inbox', 1000, 0);
    watchdog.unwatch('inbox');
    watchdog.progress('inbox', 10);
    expect(watchdog.stuck(9999)).toEqual([]);
  });
});
