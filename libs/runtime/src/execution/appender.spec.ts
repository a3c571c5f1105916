import { describe, expect, it } from '@jest/globals';
import type { ClaimId, TaskId, WorkflowId } from '@lockstep/kernel';
import type { Append, AppendReply } from '@lockstep/store';
import { ClaimLost } from '../worker/claimed-task.js';
import { Appender } from './appender.js';
import { systemClock } from './clock.js';

const claimed = {
  ...{ wf: 'wf' as WorkflowId, task: 'r' as TaskId, claim: 'c' as ClaimId },
  lost: new AbortController().signal,
  limits: { tasks: null, events: null },
};
const clock = { ...systemClock, random: () => 0 };
const done: AppendReply = { reply: 'ok', from: 4, to: 4, wokenAt: 3, released: false };

/** An appender whose store answers like this, one call after the other; an error stands for none. */
function answeredBy(...answers: readonly (AppendReply | Error)[]) {
  const sent: Append[] = [];
  const append = (given: Append): Promise<AppendReply> => {
    sent.push(given);
    const answer = answers[sent.length - 1] ?? done;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  const appended = (): void => undefined;
  return { sent, appender: new Appender({ append }, claimed, clock, { appended }) };
}

describe('the appender of a claim', () => {
  it('A1 S3: numbers its appends from 1 on, without a gap', async () => {
    const { sent, appender } = answeredBy();
    await appender.append([], { readUpTo: 3 });
    await appender.append([], { readUpTo: 4 });
    expect(sent.map(({ number }) => number)).toEqual([1, 2]);
  });

  it('A2 S3: repeats what had no answer under the number that it had', async () => {
    const { sent, appender } = answeredBy(new Error('LOADING'), new Error('LOADING'));
    await appender.append([], { readUpTo: 3 });
    await appender.append([], { readUpTo: 4 });
    expect(sent.map(({ number }) => number)).toEqual([1, 1, 1, 2]);
  });

  it.each([{ reply: 'fenced' }, { reply: 'rewound', number: 0 }] as const)(
    'A3 S11: lets go when the store answers %p',
    async (answer) => {
      const { appender } = answeredBy(answer);
      await expect(appender.append([], { readUpTo: 3 })).rejects.toThrow(ClaimLost);
    },
  );
});
