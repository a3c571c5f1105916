import { describe, expect, it } from '@jest/globals';
import { Metrics } from '@lockstep/host';
import { supervisorMetrics } from '../supervisor-metrics.js';
import type { NamedKey } from '@lockstep/store';
import { firing, forgetting, reaping, trimming } from './duties.js';

const metrics = new Metrics();
const counted = supervisorMetrics(metrics);

const answering = (fired: number, more: boolean, nextInMs: number | null) => ({
  fire: () => Promise.resolve({ fired, more, nextInMs, lateMs: 0 }),
});

const inbox = (partition: number, name: string): NamedKey => ({ partition, name, key: '' });

describe('the duties', () => {
  it('look for timers again when the next is due, and every 100 ms in case a nearer one is set', async () => {
    const rest = (nextInMs: number | null, more = false): Promise<number> =>
      firing(answering(0, more, nextInMs), new Set(), counted)(0);
    expect(await rest(1)).toBe(1);
    expect(await rest(0, true)).toBe(0);
    for (const restMs of [await rest(5000), await rest(null)]) {
      expect(restMs).toBeGreaterThan(0);
      expect(restMs).toBeLessThanOrEqual(100);
    }
  });

  it('know in which partitions a timer is set', async () => {
    const busy = new Set<number>();
    await firing(answering(0, false, 5000), busy, counted)(1);
    await firing(answering(0, false, null), busy, counted)(2);
    expect([...busy]).toEqual([1]);
    await firing(answering(1, false, null), busy, counted)(1);
    expect([...busy]).toEqual([]);
  });

  it('reap again at once while there is more', async () => {
    const rest = (more: boolean): Promise<number> =>
      reaping({ reap: () => Promise.resolve({ taken: 1, removed: 0, more }) }, counted)(0);
    expect(await rest(true)).toBe(0);
    expect(await rest(false)).toBeGreaterThan(0);
  });

  it('trim a feed that grows fast more often', async () => {
    const rest = (entries: number): Promise<number> =>
      trimming({ trim: () => Promise.resolve(entries) }, counted)(0);
    expect(await rest(10_000)).toBeLessThanOrEqual(500);
    expect(await rest(1000)).toBeLessThanOrEqual(500);
  });

  it('forget the consumers of each inbox that is known, and pass over one that nobody has read', async () => {
    const asked: string[] = [];
    const forget = (partition: number, inbox: string): Promise<number> => {
      asked.push(`${partition} ${inbox}`);
      return inbox === 'new@1'
        ? Promise.reject(new Error("NOGROUP No such consumer group 'lockstep'"))
        : Promise.resolve(1);
    };
    const inboxes = [inbox(3, 'new@1'), inbox(3, 'old@1'), inbox(4, 'far@1')];
    await forgetting({ forget }, () => inboxes, counted)(3);
    expect(asked).toEqual(['3 new@1', '3 old@1']);
    expect(await metrics.registry.getSingleMetricAsString('lockstep_forget_total')).toContain(
      'lockstep_forget_total 1',
    );
  });

  it('tell of any other error', async () => {
    const forget = (): Promise<number> => Promise.reject(new Error('READONLY'));
    await expect(forgetting({ forget }, () => [inbox(0, 'a@1')], counted)(0)).rejects.toThrow(
      'READONLY',
    );
  });
});
