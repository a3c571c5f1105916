import type { WorkflowId } from '@lockstep/kernel';
import type { Head } from '@lockstep/store';
import { eventText } from './sse.js';
import type { TenantListener } from './tenant-changes.js';
import type { Watch } from './watch.js';

/** Workflows of which a slow client has not taken the news; past this it is told to read anew. */
const MAX_WAITING = 1000;

/** What one client has yet to be told: of each workflow only the newest. */
export class TenantInbox implements TenantListener {
  private readonly news = new Map<WorkflowId, Head>();
  private hasMissed = true; // what was before it came

  constructor(private readonly watch: Watch) {
    watch.changed();
  }

  changed(head: Head): void {
    this.news.set(head.wf, head);
    if (this.news.size > MAX_WAITING) this.missed();
    else this.watch.changed();
  }

  missed(): void {
    this.news.clear();
    this.hasMissed = true;
    this.watch.changed();
  }

  *take(): Generator<string> {
    if (this.hasMissed) {
      this.hasMissed = false;
      yield eventText({ event: 'reset', data: '{}' });
    }
    for (const [wf, { type, status, version }] of this.news) {
      this.news.delete(wf);
      const data = JSON.stringify({ id: wf, type, status, version });
      yield eventText({ event: 'workflow', data });
    }
  }
}
