import { Injectable } from '@nestjs/common';
import type { Version } from '@lockstep/kernel';
import { type Head, LogReader, type WorkflowStatus } from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { eventJson } from '../history/event-json.js';
import { OwnWorkflows } from '../workflows/own-workflows.js';
import { FeedTail } from './feed-tail.js';
import { Listeners } from './listeners.js';
import { eventText, HEARTBEAT, HEARTBEAT_MS } from './sse.js';
import type { Watch } from './watch.js';

/** A workflow's events as they are recorded, from a version on, until it has ended. */
@Injectable()
export class WorkflowStream {
  constructor(
    private readonly workflows: OwnWorkflows,
    private readonly log: LogReader,
    private readonly tail: FeedTail,
    private readonly listeners: Listeners,
  ) {}

  /**
   * @param after - version that the client has
   * @param gone - aborted when the client takes no more
   * @throws TooManyListeners before the first event
   */
  open(caller: Caller, head: Head, after: Version, gone: AbortSignal): AsyncIterable<string> {
    const watch = this.listeners.watch(caller.tenant, gone);
    watch.onClose(this.tail.listen(head.wf, watch));
    return this.events(caller, head, after, watch);
  }

  private async *events(
    caller: Caller,
    opened: Head,
    after: Version,
    watch: Watch,
  ): AsyncGenerator<string> {
    yield HEARTBEAT; // so that the answer begins before the first event
    try {
      for (let sent = after; ;) {
        const head = await this.workflows.head(caller, opened.wf);
        if (head.version > sent) yield* this.recorded(head, sent);
        sent = Math.max(sent, head.version);
        if (hasEnded(head)) {
          yield endText(head);
          return;
        }
        const outcome = await watch.next(HEARTBEAT_MS);
        if (outcome === 'closed') return;
        if (outcome === 'quiet') yield HEARTBEAT;
      }
    } finally {
      watch.close();
    }
  }

  private async *recorded({ wf, version }: Head, after: Version): AsyncGenerator<string> {
    for await (const event of this.log.read(wf, after + 1, version)) {
      yield eventText({ id: event.version, event: event.type, data: eventJson(event) });
    }
  }
}

export const hasEnded = ({ status }: Head): boolean => IS_END[status];

const IS_END: Readonly<Record<WorkflowStatus, boolean>> = {
  ...{ running: false, parked: false, cancelling: false, 'rolling-back': false },
  ...{ completed: true, cancelled: true, failed: true },
};

const endText = ({ status, version }: Head): string =>
  eventText({ id: version, event: 'end', data: JSON.stringify({ status, version }) });
