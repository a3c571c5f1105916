import { describe, expect, it } from '@jest/globals';
import { bookingKey, mailKey, writeKey } from './keys.js';

const place = { database: 'run-1.train-000', job: 'train-000', index: 3 };

describe('keys of effects (G5)', () => {
  it('bind a one-shot write to its order and tool, whoever asks for it', () => {
    const request = { ...place, arguments: { order_id: '#W1', reason: 'no longer needed' } };
    const key = 'run-1.train-000/#W1/cancel_pending_order';
    expect(writeKey('cancel_pending_order', request)).toBe(key);
    expect(writeKey('cancel_pending_order', { ...request, job: 'other', index: 9 })).toBe(key);
  });

  it.each(['modify_user_address', 'modify_pending_order_address'] as const)(
    'let %s happen once for each action that asks for it',
    (tool) => {
      const request = { ...place, arguments: { order_id: '#W1', user_id: 'u' } };
      expect(writeKey(tool, request)).toBe('run-1.train-000/train-000/3');
    },
  );

  it('number the bookings of one write', () => {
    const payment = { transaction_type: 'refund', amount: 1, payment_method_id: 'p' } as const;
    const request = { database: 'd', orderId: '#W1', write: 'd/#W1/t', entry: 1, payment };
    expect(bookingKey(request)).toBe('d/#W1/t/1');
  });

  it('allow a job one mail', () => {
    expect(mailKey({ ...place, to: 'u', subject: 's', text: 't' })).toBe(
      'run-1.train-000/train-000',
    );
  });
});
