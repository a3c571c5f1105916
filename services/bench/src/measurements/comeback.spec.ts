import { describe, expect, it } from '@jest/globals';
import type { BegunStep } from '../jobs/diary.js';
import { comebackOf } from './comeback.js';

const [VICTIM, OTHER] = [1, 2];
const kill = { pid: VICTIM, killedMs: 1000, endedMs: 1900 };

const line = (job: string, step: number, pid: number, atMs: number): BegunStep => ({
  ...{ job, step, pid, atMs },
});

describe('what a diary tells of a kill', () => {
  it('takes a step as recorded when the next one begins', () => {
    const diary = [
      line('held', 1, VICTIM, 990),
      line('held', 1, OTHER, 1200),
      line('held', 2, OTHER, 1250),
    ];
    expect(comebackOf(diary, kill)).toEqual({
      ...{ held: 1, firstProgressMs: 250, lastProgressMs: 250, endMs: 900, repeatedSteps: 1 },
    });
  });

  it('tells the first and the last of those that were held', () => {
    const held = (job: string, fromMs: number) => [
      line(job, 4, VICTIM, 980),
      line(job, 5, OTHER, fromMs),
      line(job, 6, OTHER, fromMs + 50),
    ];
    const { firstProgressMs, lastProgressMs, repeatedSteps } = comebackOf(
      [...held('a', 1100), ...held('b', 1400)],
      kill,
    );
    expect([firstProgressMs, lastProgressMs, repeatedSteps]).toEqual([150, 450, 0]);
  });

  it('does not count what the killed process did not hold', () => {
    const diary = [
      line('other', 1, OTHER, 990),
      line('other', 2, OTHER, 1010),
      line('held', 1, VICTIM, 990),
      line('held', 2, OTHER, 1300),
      line('held', 3, OTHER, 1350),
    ];
    expect(comebackOf(diary, kill).firstProgressMs).toBe(350);
  });

  it('fails when nothing was held', () => {
    expect(() => comebackOf([line('done', 10, VICTIM, 900)], kill)).toThrow('held nothing');
  });
});
