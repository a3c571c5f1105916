import { describe, expect, it } from '@jest/globals';
import { problemsText } from './problems.js';

const good = { id: 'a', must: 'complete', isEnded: true, areResultsEqual: true } as const;
const left = { name: 'run.a', isEqual: true };
const end = { workflow: 'wf-1', result: { results: [], transferred: false } };

describe('the problems of a run', () => {
  it('are none when all is as expected', () => {
    expect(problemsText({ verdicts: [good], databases: [left] }, [end], [])).toBe('');
  });

  it('name each job and database that went wrong, and each process that ended by itself', () => {
    const verdicts = [
      { ...good, isEnded: false },
      { ...good, id: 'b', areResultsEqual: false },
    ];
    const databases = [left, { name: 'run.b', isEqual: false }];
    const ends = [{ problem: 'wf-1 is parked' }, end];
    const text = problemsText({ verdicts, databases }, ends, ['orders-1 ended']);
    expect(text.split('\n')).toEqual([
      'a: was to complete, but wf-1 is parked',
      'b: its results are not as expected',
      'run.b: not as expected',
      'orders-1 ended',
    ]);
  });

  it('G6: tell how a job ended that had to end in another way', () => {
    const verdicts = [
      { ...good, isEnded: false },
      { ...good, must: 'roll back', isEnded: false } as const,
    ];
    const failed = { workflow: 'wf-1', failure: 'Error: sold out' };
    const text = problemsText({ verdicts, databases: [] }, [failed, end], []);
    expect(text.split('\n')).toEqual([
      'a: was to complete, but was rolled back: Error: sold out',
      'a: was to roll back, but completed',
    ]);
  });

  it('are cut short when they are many', () => {
    const verdicts = Array.from({ length: 12 }, () => ({ ...good, areResultsEqual: false }));
    expect(problemsText({ verdicts, databases: [] }, [], []).split('\n').at(-1)).toBe('and 2 more');
  });
});
