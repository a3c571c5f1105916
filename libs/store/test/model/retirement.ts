// The specification of retire.

import type { Retirement, RetirementTimes, RetireReply } from '../../src/index.js';
import { ProjectionModel } from './projection.js';
import { openTasks } from './state.js';

export class RetirementModel extends ProjectionModel {
  retire(
    _partition: number,
    times: RetirementTimes,
    workflows: readonly Retirement[],
  ): RetireReply[] {
    // All are judged before the first goes.
    const replies = workflows.map((each) => this.obstacle(each, times) ?? 'ok');
    workflows.forEach((each, at) => {
      if (replies[at] === 'ok') this.leave(each, times);
      if (['changed', 'busy', 'unprojected'].includes(replies[at]!))
        this.ended.set(each.wf, this.nowMs - times.keepMs + times.putOffMs);
    });
    return replies;
  }

  private obstacle(
    { wf, version, endedAtMs }: Retirement,
    { keepMs }: RetirementTimes,
  ): RetireReply | undefined {
    const flow = this.workflows.get(wf);
    const ended = this.ended.get(wf);
    if (!flow) return 'gone';
    if (ended === undefined || ended > this.nowMs - keepMs) return 'early';
    if (openTasks(flow).length > 0 || flow.dead.size > 0) return 'busy';
    if (this.views.get(wf)?.version !== flow.log.length) return 'unprojected';
    return ended === endedAtMs && flow.log.length === version ? undefined : 'changed';
  }

  private leave(
    { wf, version, result, timers }: Retirement,
    { tombstoneMs }: RetirementTimes,
  ): void {
    const flow = this.workflows.get(wf);
    if (!flow) return;
    const { digest, status } = flow;
    if (tombstoneMs > 0) this.tombstones.set(wf, { digest, version, status, result: result ?? '' });
    for (const { task, op } of timers) this.timers.delete(`${wf} ${task} ${op}`);
    this.workflows.delete(wf);
    this.views.delete(wf);
    this.ended.delete(wf);
    this.retired.set(wf, flow);
  }
}
