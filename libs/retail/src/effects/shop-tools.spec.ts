import { describe, expect, it } from '@jest/globals';
import { EffectRejected, type TaskContext } from '@lockstep/runtime';
import { ASKED_BEFORE } from '../contracts/tool-answer.js';
import type { ShopClient } from '../shop/shop-client.js';
import { ShopTools } from './shop-tools.js';

const request = {
  ...{ database: 'd', job: 'train-000', index: 0 },
  arguments: { order_id: '#W1', reason: 'no longer needed' } as const,
};

/** A cancellation whose effect was rejected, and why. */
function cancelRejected(code: string, message: string) {
  const chain = [{ name: code, code, message, kind: 'rejected' as const, details: {} }];
  const task = {
    step: () => Promise.resolve({ ok: true, value: { order_id: '#W1' } }),
    effect: () => Promise.reject(new EffectRejected('cancel_pending_order', 'key', chain)),
  } as unknown as TaskContext;
  return new ShopTools({} as ShopClient).write('cancel_pending_order', request, task);
}

describe('a write that is refused', () => {
  it("answers the shop's exact text", async () => {
    const error = 'Error: non-pending order cannot be cancelled';
    expect(await cancelRejected('Rejected', error)).toEqual({ ok: false, error });
  });

  it('G5: answers that its order has had it, when its key names it with other arguments', async () => {
    const answer = await cancelRejected('KeyConflict', 'effect … was asked for with another input');
    expect(answer).toEqual({ ok: false, error: ASKED_BEFORE });
  });

  it('fails when it is refused for a reason that is no business of a customer', async () => {
    await expect(cancelRejected('Rejected', 'no such field')).rejects.toThrow('no such field');
  });
});
