import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { NotPerformed, Rejected } from '@lockstep/runtime';
import { BadShopRequest, ShopUnavailable, ShopUnreachable } from '../shop/errors.js';
import { accepted, acting } from './outside.js';

const io = { key: 'key', signal: new AbortController().signal };
const failing = (error: Error) => acting(io, () => Promise.reject(error));

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

  it('G5: is told in doubt only once a request that left at the last moment was acted on', async () => {
    let isActedOn = false;
    const slow = acting(io, async ({ signal }) => {
      await once(signal, 'abort');
      setTimeout(() => (isActedOn = true), 1_000); // the longest that the outside world takes
      throw new ShopUnreachable('given up');
    });
    await expect(slow).rejects.toThrow('given up');
    expect(isActedOn).toBe(true);
  });

  it("is rejected with the shop's exact text when it refuses", async () => {
    const refused = { ok: false, error: 'Error: order not found' } as const;
    const call = acting(io, () => Promise.resolve(accepted(refused)));
    await expect(call).rejects.toThrow(new Rejected('Error: order not found'));
  });
});
