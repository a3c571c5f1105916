import { describe, expect, it, jest } from '@jest/globals';
import type { SharedState, TaskContext } from '@lockstep/runtime';
import { refundJob, type RefundState } from './refunds.contracts.js';

async function settle(task: TaskContext): Promise<readonly string[] | undefined> {
  // #region state
  const state = task.state(refundJob);
  await state.merge({ phase: 'waiting', notes: ['asked'] }); // one event: both fields or neither
  const { notes } = await state.read();
  await state.update('phase', (phase) => (phase === 'waiting' ? 'paid' : 'waiting')); // last write only
  // #endregion state
  return notes;
}

describe('the shared state of the guide', () => {
  it('is merged, read and updated', async () => {
    const merge = jest.fn<SharedState<RefundState>['merge']>().mockResolvedValue();
    const update = jest.fn<SharedState<RefundState>['update']>().mockResolvedValue();
    const read = () => Promise.resolve({ notes: ['asked'] });
    const task = { state: () => ({ merge, read, update }) } as unknown as TaskContext;
    expect(await settle(task)).toEqual(['asked']);
    expect(merge).toHaveBeenCalledWith({ phase: 'waiting', notes: ['asked'] });
    expect(update.mock.calls[0]?.[1]('waiting')).toBe('paid');
  });
});
