import { describe, expect, it } from '@jest/globals';
import { reportTable } from './table.js';

const good = { id: 'a', must: 'complete', isEnded: true, areResultsEqual: true } as const;
const undone = { ...good, must: 'roll back' } as const;
const verification = {
  verdicts: [good, good],
  databases: [
    { name: 'run.a', isEqual: true },
    { name: 'run.b', isEqual: false },
  ],
  bookings: { expected: 4, found: 4, lost: 1, doubled: 1 },
  mails: { expected: 2, found: 2, lost: 0, doubled: 0 },
  undone: { writes: 0, bookings: 0 },
};
const course = {
  durationMs: 2_000,
  events: 500,
  faults: 3,
  kills: 5,
  killsInsideEffects: 2,
  interruptingKills: 4,
  recoveryTimesMs: [400, 900, 500],
};

const rows = (text: string) =>
  Object.fromEntries(
    text
      .split('\n')
      .map((line) => line.split('│').map((cell) => cell.trim()))
      .filter((cells) => cells.length > 2)
      .map(([, name, value]) => [name, value]),
  ) as Record<string, string>;

describe('the table at the end', () => {
  it('says what is right, what is lost and what is doubled', () => {
    expect(rows(reportTable(verification, course))).toMatchObject({
      'jobs completed': '2 of 2',
      'digests equal': '1 of 2',
      'bank entries': '4 of 4: lost 1, doubled 1',
      mails: '2 of 2: lost 0, doubled 0',
    });
  });

  it('says what was undone, where there was a rollback', () => {
    const verdicts = [good, undone, { ...undone, isEnded: false }];
    const some = { ...verification, verdicts, undone: { writes: 4, bookings: 1 } };
    expect(rows(reportTable(some, course))).toMatchObject({
      'jobs completed': '1 of 1',
      'jobs rolled back': '1 of 2: writes undone 4, bank entries 1',
    });
    expect(rows(reportTable(verification, course))).not.toHaveProperty('jobs rolled back');
  });

  it('says what was survived, and how fast', () => {
    expect(rows(reportTable(verification, course))).toMatchObject({
      kills: '5: 4 interrupted held work, 2 between an act and its receipt',
      'time to recover': 'median 500ms, worst 900ms (3 tasks)',
      events: '500 in 2.0 s (250 a second)',
    });
  });

  it('says so when nothing was interrupted', () => {
    const calm = { ...course, recoveryTimesMs: [] };
    expect(rows(reportTable(verification, calm))['time to recover']).toBe('nothing to recover');
  });
});
