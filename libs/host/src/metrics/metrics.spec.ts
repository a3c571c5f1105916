import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Metrics } from './metrics.js';

describe('the metrics of a service', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('never break the work that they are about: what they throw is one warning', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    const metrics = new Metrics();
    const appends = metrics.counter('append', 'Appends.', { labels: ['reply'] });
    const seconds = metrics.seconds('append', 'Appends.');
    const unknown = { nobody: 'knows' } as never;
    expect(() => {
      appends.inc(unknown);
      appends.inc(unknown);
      seconds.observe('long' as never);
      appends.inc({ reply: 'ok' });
    }).not.toThrow();
    expect(warn).toHaveBeenCalledTimes(2);
    expect(await metrics.registry.metrics()).toContain('lockstep_append_total{reply="ok"} 1');
  });

  it('show the others when one of them cannot be read', async () => {
    const metrics = new Metrics();
    const broken = (): never => {
      throw new Error('nobody knows');
    };
    metrics.gauge('timers', 'Timers.', broken);
    metrics.gauges('dead_letters', 'Dead letters.', 'role', broken);
    metrics.gauges('workers', 'Workers.', 'inbox', () => [['clerk@1', 2]]);
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/^lockstep_timers NaN$/im);
    expect(text).not.toContain('lockstep_dead_letters{');
    expect(text).toContain('lockstep_workers{inbox="clerk@1"} 2');
  });

  it('show a name no longer than there is an amount for it', async () => {
    const metrics = new Metrics();
    const amounts = new Map([['clerk@1', 2]]);
    metrics.gauges('workers', 'Workers.', 'inbox', () => amounts);
    await metrics.registry.metrics();
    amounts.clear();
    expect(await metrics.registry.metrics()).not.toContain('clerk@1');
  });

  it('show the words of a counter from the start, so that the first increase is seen', async () => {
    const metrics = new Metrics();
    metrics.counter('append', 'Appends.', { labels: ['reply'], words: ['ok', 'fenced'] });
    const text = await metrics.registry.metrics();
    expect(text).toContain('lockstep_append_total{reply="ok"} 0');
    expect(text).toContain('lockstep_append_total{reply="fenced"} 0');
  });

  it('count and show nothing when they are off', async () => {
    const metrics = new Metrics(false);
    const appends = metrics.counter('append', 'Appends.');
    appends.inc();
    metrics.gauge('timers', 'Timers.', () => 1);
    expect((await appends.get()).values).toMatchObject([{ value: 0 }]);
    expect(await metrics.registry.metrics()).toBe('\n');
  });
});
