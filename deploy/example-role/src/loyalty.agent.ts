import { profile } from '@lockstep/retail/contracts';
import { Agent, Task, type TaskContext } from '@lockstep/runtime';
import { loyalty, type Points, type PointsRequest } from './contracts.js';

const POINTS_PER_ORDER = 10;

/** Counts a customer's points; who the customer is, a role of the running team knows. */
// #region agent
@Agent(loyalty)
export class LoyaltyAgent {
  @Task(loyalty.count, { timeout: '30s' })
  async count({ database, userId }: PointsRequest, task: TaskContext): Promise<Points> {
    const place = { database, job: 'loyalty', index: 0 };
    const answer = await task.call(profile.getUserDetails, {
      ...place,
      arguments: { user_id: userId },
    });
    const { orders } = answer.value as { readonly orders: readonly string[] };
    return { points: orders.length * POINTS_PER_ORDER };
  }
}
// #endregion agent
