import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.js';

describe('eventually', () => {
  it('answers with the first value that holds', async () => {
    const answers = [undefined, false, 0];
    expect(await eventually(() => answers.shift(), { what: 'an answer' })).toBe(0);
  });

  it('asks again after a failure', async () => {
    let calls = 0;
    const attempt = () => {
      calls += 1;
      if (calls < 3) throw new Error('not yet');
      return calls;
    };
    expect(await eventually(attempt, { what: 'a third call' })).toBe(3);
  });

  it('names the condition and the last failure when time is up', async () => {
    const attempt = () => Promise.reject(new Error('refused'));
    const waiting = eventually(attempt, { what: 'a listener', timeoutMs: 1 });
    await expect(waiting).rejects.toMatchObject({
      message: 'not within 1 ms: a listener',
      cause: { message: 'refused' },
    });
  });
});
