import { describe, expect, it } from '@jest/globals';
import { NotPerformed, Rejected } from '@lockstep/runtime';
import { BadShopRequest, ShopUnavailable, ShopUnreachable } from '../shop/errors.js';
import { accepted, acting } from './outside.js';

const failing = (error: Error) => acting(() => Promise.reject(error));

describe('acting on the outside world (E2)', () => {
  it('was not performed when the outside world says so', async () => {
    await expect(failing(new ShopUnavailable('503'))).rejects.toThrow(NotPerformed);
  });

  it('is rejected when the request can never be accepted', async () => {
    await expect(failing(new BadShopRequest('no such field'))).rejects.toThrow(Rejected);
  });

  it('stays in doubt when no answer came', async () => {
    const error = new ShopUnreachable('cut');
    await expect(failing(error)).rejects.toBe(error);
  });

  it("is rejected with the shop's exact text when it refuses", async () => {
    const refused = { ok: false, error: 'Error: order not found' } as const;
    const call = acting(() => Promise.resolve(accepted(refused)));
    await expect(call).rejects.toThrow(new Rejected('Error: order not found'));
  });
});
