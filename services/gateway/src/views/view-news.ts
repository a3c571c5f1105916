import { Injectable } from '@nestjs/common';
import type { WorkflowId } from '@lockstep/kernel';
import { Partitions } from '@lockstep/store';
import type { Watch } from '../live/watch.js';
import { Connections } from '../store/connections.js';

/** Tells who waits for a view that it was written: one subscription a partition, while anybody waits there. */
@Injectable()
export class ViewNews {
  private readonly waiting = new Map<string, Set<Watch>>();
  private readonly waiters = new Map<number, number>();

  constructor(
    private readonly connections: Connections,
    private readonly partitions: Partitions,
  ) {
    connections.news.on('message', (_channel: string, text: string) => {
      const [wf = ''] = text.split(' ', 1);
      for (const watch of this.waiting.get(wf) ?? []) watch.changed();
    });
  }

  /** Wakes `watch` at each view of the workflow that is written from the answer on, until it closes. */
  async listen(wf: WorkflowId, watch: Watch): Promise<void> {
    const partition = this.partitions.of(wf);
    const watches = this.waiting.get(wf) ?? new Set();
    this.waiting.set(wf, watches.add(watch));
    const subscribed = this.count(partition, 1);
    watch.onClose(() => {
      watches.delete(watch);
      if (watches.size === 0) this.waiting.delete(wf);
      void this.count(partition, -1);
    });
    await subscribed;
  }

  /** Changes who waits in a partition; the first subscribes, the last ends that. */
  private async count(partition: number, change: 1 | -1): Promise<void> {
    const count = (this.waiters.get(partition) ?? 0) + change;
    this.waiters.set(partition, count);
    const channel = this.partitions.views(partition);
    if (count > 0) await this.connections.news.subscribe(channel);
    else await this.connections.news.unsubscribe(channel).catch(() => undefined); // it ends with the connection
  }
}
