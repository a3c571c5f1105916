import { describe, expect, it } from '@jest/globals';
import { decodeRequest, role, task } from '@lockstep/contracts';
import type { TaskContext } from '@lockstep/runtime';
import { IsInt, IsString } from 'class-validator';
import { RefundReceipt } from './refunds.contracts.js';

// #region payload
class RefundRequest {
  @IsString()
  orderId!: string;

  /** Was `amount`, in units. */
  @IsInt()
  amountCents!: number;
}

interface RefundRequestV1 {
  readonly orderId: string;
  readonly amount: number;
}

const inCents = (old: unknown): RefundRequest => {
  const { orderId, amount } = old as RefundRequestV1;
  return { orderId, amountCents: Math.round(amount * 100) };
};

const refunds = role('refunds', {
  refund: task(RefundRequest, RefundReceipt, { version: 2, upcast: { 1: inCents } }),
});
// #endregion payload

const greet = (orderId: string): string => `hello ${orderId}`;

async function greeted(orderId: string, context: TaskContext): Promise<string> {
  let text = '';
  // #region patched
  if (await context.patched('greet-first')) {
    text = await context.step('greet', () => greet(orderId));
  }
  // #endregion patched
  return text;
}

// #region major
const nextRefunds = role('refunds', { refund: task(RefundRequest, RefundReceipt) }, { version: 2 });
// #endregion major

describe('the changes of the guide', () => {
  it('read a request of the version before', () => {
    const body = JSON.stringify({ orderId: 'W7', amount: 12.3 });
    expect(decodeRequest(refunds.refund, { version: 1, body })).toEqual({
      orderId: 'W7',
      amountCents: 1230,
    });
  });

  it('give another major another inbox', () => {
    expect([refunds.inbox, nextRefunds.inbox]).toEqual(['refunds@1', 'refunds@2']);
  });

  it.each([
    [true, 'hello W7'],
    [false, ''],
  ])('take the new way where patched is %p', async (isPatched, text) => {
    const context: Partial<TaskContext> = {
      patched: () => Promise.resolve(isPatched),
      step: async (_name, run) => run({ signal: AbortSignal.abort() }),
    };
    expect(await greeted('W7', context as TaskContext)).toBe(text);
  });
});
