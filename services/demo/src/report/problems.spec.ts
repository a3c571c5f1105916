import { describe, expect, it } from '@jest/globals';
import { problemsText } from './problems.js';

const good = { id: 'a', isCompleted: true, isDigestEqual: true, areResultsEqual: true };
const end = { workflow: 'wf-1', result: { results: [], transferred: false } };

describe('the problems of a run', () => {
  it('are none when all is as expected', () => {
    expect(problemsText({ verdicts: [good] }, [end], [])).toBe('');
  });

  it('name each job that went wrong, and each process that ended by itself', () => {
    const verdicts = [
      { ...good, isCompleted: false },
      { ...good, id: 'b', isDigestEqual: false },
      { ...good, id: 'c', areResultsEqual: false },
    ];
    const text = problemsText({ verdicts }, [{ problem: 'parked' }, end, end], ['orders-1 ended']);
    expect(text.split('\n')).toEqual([
      'a: parked',
      'b: its database is not as expected',
      'c: its results are not as expected',
      'orders-1 ended',
    ]);
  });

  it('are cut short when they are many', () => {
    const verdicts = Array.from({ length: 12 }, () => ({ ...good, isDigestEqual: false }));
    expect(problemsText({ verdicts }, [], []).split('\n').at(-1)).toBe('and 2 more');
  });
});
