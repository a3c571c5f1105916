import { describe, expect, it } from '@jest/globals';
import { Demo } from './demo.js';

const WITHIN_MS = 180_000;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('npm start', () => {
  it(
    'proves every record exact, and four writes of one job undone, after kills that interrupted held work (G3, G4, G5, G6)',
    async () => {
      const demo = new Demo(WITHIN_MS, '--exit', '--sample', '7');
      await demo.succeeds();
      expect(demo.row('jobs completed')).toBe('6 of 6');
      expect(demo.row('jobs rolled back')).toBe('1 of 1: writes undone 4, bank entries 1');
      expect(demo.row('digests equal')).toBe('7 of 7');
      expect(demo.row('bank entries')).toMatch(/^(\d+) of \1: lost 0, doubled 0$/);
      expect(demo.row('mails')).toBe('7 of 7: lost 0, doubled 0');
      expect(demo.row('kills')).toMatch(/^\d+: [1-9]\d* interrupted held work/);
      expect(demo.row('events')).toMatch(/^[1-9]\d* in /);
    },
    WITHIN_MS,
  );

  it(
    'proves one database exact in which the jobs of each customer follow each other (G5, G6)',
    async () => {
      const demo = new Demo(WITHIN_MS, '--exit', '--sequence', 'all-in-order', '--jobs', '8');
      await demo.succeeds();
      expect(demo.row('results equal')).toBe('8 of 8');
      expect(demo.row('digests equal')).toBe('1 of 1');
      expect(demo.row('mails')).toBe('8 of 8: lost 0, doubled 0');
    },
    WITHIN_MS,
  );

  it(
    'stays up until it is interrupted, and then leaves no process',
    async () => {
      const demo = new Demo(WITHIN_MS, '--jobs', '1', '--chaos', 'off');
      await demo.shows('curl');
      const pids = await demo.pids();
      expect(pids.filter(isAlive)).toEqual(pids);
      demo.interrupt();
      expect(await demo.ended()).toBe(0);
      expect(pids.filter(isAlive)).toEqual([]);
    },
    WITHIN_MS,
  );
});
