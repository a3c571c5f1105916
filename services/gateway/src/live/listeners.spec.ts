import { describe, expect, it } from '@jest/globals';
import { TooManyListeners } from '../problems/errors.js';
import { Listeners } from './listeners.js';

const here = new AbortController().signal;

describe('listeners', () => {
  it('are bounded for each tenant, so that one cannot take every place', () => {
    const listeners = new Listeners();
    const places = Array.from({ length: 1000 }, () => listeners.watch('acme', here));
    expect(() => listeners.watch('acme', here)).toThrow(TooManyListeners);
    expect(() => listeners.watch('rival', here)).not.toThrow();
    places[0]?.close();
    expect(() => listeners.watch('acme', here)).not.toThrow();
  });

  it('are bounded for the process', () => {
    const listeners = new Listeners();
    for (let i = 0; i < 4000; i += 1) listeners.watch(`tenant${i % 8}`, here);
    expect(() => listeners.watch('late', here)).toThrow(TooManyListeners);
  });

  it('all end when the gateway does', async () => {
    const listeners = new Listeners();
    const waits = [1, 2, 3].map(() => listeners.watch('acme', here).next(60_000));
    listeners.onModuleDestroy();
    expect(await Promise.all(waits)).toEqual(['closed', 'closed', 'closed']);
    expect(listeners.count).toBe(0);
  });
});
