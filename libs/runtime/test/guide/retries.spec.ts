import { describe, expect, it, jest } from '@jest/globals';
import { NotPerformed, Task, type TaskContext } from '@lockstep/runtime';
import { type RefundReceipt, type RefundRequest, refunds } from './refunds.contracts.js';

// #region asked
class Busy extends Error {
  constructor(readonly retryAfterMs: number) {
    super('the rates are not to be had now');
  }
}

async function rate(currency: string, signal: AbortSignal): Promise<number> {
  const response = await fetch(`http://127.0.0.1:9000/rates/${currency}`, { signal });
  if (response.status === 429) throw new Busy(1000 * Number(response.headers.get('retry-after')));
  return Number(await response.text());
}
// #endregion asked

// #region policies
export class PatientRefunds {
  @Task(refunds.refund, { timeout: '30s', retry: { attempts: 3, baseMs: 60_000, capMs: 600_000 } })
  async refund({ orderId }: RefundRequest, task: TaskContext): Promise<RefundReceipt> {
    const euros = await task.step('rate', ({ signal }) => rate('EUR', signal), {
      timeout: '2s', // of one attempt
      retry: { attempts: 5, baseMs: 500, totalMs: 60_000 },
    });
    return { entryId: `${orderId} at ${euros}` };
  }
}
// #endregion policies

describe('the retries of the guide', () => {
  it('ask for as long a wait as the answer did', async () => {
    const headers = { 'retry-after': '7' };
    const answer = new Response('', { status: 429, headers });
    const fetched = jest.spyOn(globalThis, 'fetch').mockResolvedValue(answer);
    const step = ((_name, run) =>
      run({ signal: new AbortController().signal })) as TaskContext['step'];
    const refund = new PatientRefunds().refund({ orderId: 'W7', amountCents: 1 }, {
      step,
    } as TaskContext);
    await expect(refund).rejects.toMatchObject({ retryAfterMs: 7000 });
    expect(new NotPerformed('busy', 7000).retryAfterMs).toBe(7000);
    fetched.mockRestore();
  });
});
