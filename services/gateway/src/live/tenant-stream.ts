import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/api-keys.js';
import { Listeners } from './listeners.js';
import { HEARTBEAT, HEARTBEAT_MS } from './sse.js';
import { TenantChanges } from './tenant-changes.js';
import { TenantInbox } from './tenant-inbox.js';
import type { Watch } from './watch.js';

/** The changes of a tenant's workflows, from now on. */
@Injectable()
export class TenantStream {
  constructor(
    private readonly changes: TenantChanges,
    private readonly listeners: Listeners,
  ) {}

  /**
   * @param gone - aborted when the client takes no more
   * @throws TooManyListeners before the first event
   */
  open({ tenant }: Caller, gone: AbortSignal): AsyncIterable<string> {
    const watch = this.listeners.watch(tenant, gone);
    const inbox = new TenantInbox(watch);
    watch.onClose(this.changes.listen(tenant, inbox));
    return events(watch, inbox);
  }
}

async function* events(watch: Watch, inbox: TenantInbox): AsyncGenerator<string> {
  try {
    for (;;) {
      const outcome = await watch.next(HEARTBEAT_MS);
      if (outcome === 'closed') return;
      if (outcome === 'quiet') yield HEARTBEAT;
      yield* inbox.take();
    }
  } finally {
    watch.close();
  }
}
