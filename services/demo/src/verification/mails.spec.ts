import { describe, expect, it } from '@jest/globals';
import { compareMails } from './mails.js';

const done = { job: { id: 'a', userId: 'u', actions: [] }, database: 'run.a', results: [] };
const undoing = { refusal: 'Error: too little on it', writes: 1, changed: [], digest: '' };
const undone = { ...done, undoing };

const mail = (text: string) => ({
  ...{ reference: 'run.a/a', database: 'run.a', to: 'u' },
  ...{ subject: 'Your request a', text },
});
const OF_DONE = mail('Here is what we did for you:\n- cancel pending order: done');
const OF_UNDONE = mail('Nothing was done: Error: too little on it');

describe('comparing mails', () => {
  it('finds the one to the customer of each job', () => {
    expect(compareMails([done], [OF_DONE])).toMatchObject({ lost: 0, doubled: 0 });
    expect(compareMails([done], [])).toMatchObject({ lost: 1, doubled: 0 });
    expect(compareMails([done], [OF_DONE, OF_DONE])).toMatchObject({ lost: 0, doubled: 1 });
  });

  it('G6: wants that of a job which was undone to say so, and why', () => {
    expect(compareMails([undone], [OF_UNDONE])).toMatchObject({ lost: 0, doubled: 0 });
    const other = mail('Nothing was done: Error: order not found');
    expect(compareMails([undone], [other])).toMatchObject({ lost: 1, doubled: 1 });
    expect(compareMails([undone], [OF_DONE])).toMatchObject({ lost: 1, doubled: 1 });
  });

  it('sees one that says so of a job which was done', () => {
    expect(compareMails([done], [OF_UNDONE])).toMatchObject({ lost: 1, doubled: 1 });
  });
});
