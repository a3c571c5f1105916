import { describe, expect, it } from '@jest/globals';
import { apologyOf, mailOf } from './mail.js';

const job = { job: 'train-000', database: 'run-1.train-000', userId: 'ann_1', actions: [] };

describe('the mail that ends a job', () => {
  it('goes to the customer and tells what became of each action', () => {
    const mail = mailOf(job, [
      { name: 'modify_user_address', ok: true, out: '' },
      { name: 'cancel_pending_order', ok: false, error: 'Error: invalid reason', out: '' },
    ]);
    expect(mail.to).toBe('ann_1');
    expect(mail.text.split('\n').slice(1)).toEqual([
      '- modify user address: done',
      '- cancel pending order: not possible (Error: invalid reason)',
    ]);
  });

  it('says that nothing was done, and why, when it was undone', () => {
    const error = [{ code: 'Rejected', message: 'Error: invalid reason' }];
    const cause = { reason: 'Uncaught', by: 'policy', error };
    const mail = apologyOf({ request: { ...job }, cause });
    expect(mail).toMatchObject({ to: 'ann_1', text: 'Nothing was done: Error: invalid reason' });
    const decided = { reason: 'the customer called', by: 'ann' };
    expect(apologyOf({ request: { ...job }, cause: decided }).text).toBe(
      'Nothing was done: the customer called',
    );
  });

  it('says so when there was nothing to do', () => {
    expect(mailOf(job, []).text).toBe('There was nothing for us to do.');
  });
});
