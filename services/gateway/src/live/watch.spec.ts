import { describe, expect, it } from '@jest/globals';
import { Watch } from './watch.js';

const open = (): Watch => new Watch(new AbortController().signal);

describe('a watch', () => {
  it('wakes at a change', async () => {
    const watch = open();
    const next = watch.next(60_000);
    watch.changed();
    expect(await next).toBe('changed');
  });

  it('does not lose a change between two waits, and tells it once', async () => {
    const watch = open();
    watch.changed();
    watch.changed();
    expect(await watch.next(60_000)).toBe('changed');
    expect(await watch.next(0)).toBe('quiet');
  });

  it('ends when its client is gone, also when that was before', async () => {
    const gone = new AbortController();
    const watch = new Watch(gone.signal);
    const next = watch.next(60_000);
    gone.abort();
    expect(await next).toBe('closed');
    expect(await new Watch(gone.signal).next(60_000)).toBe('closed');
  });

  it('calls each closer once, and at once when it is closed already', () => {
    const watch = open();
    let calls = 0;
    watch.onClose(() => (calls += 1));
    watch.close();
    watch.close();
    watch.onClose(() => (calls += 1));
    expect(calls).toBe(2);
  });
});
