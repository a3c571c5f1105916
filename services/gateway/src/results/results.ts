import { Injectable } from '@nestjs/common';
import type { RecordedEvent } from '@lockstep/kernel';
import { type Head, LogReader, type WorkflowStatus } from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { States } from '../history/states.js';
import { FeedTail } from '../live/feed-tail.js';
import { Listeners } from '../live/listeners.js';
import {
  WorkflowCancelled,
  WorkflowFailed,
  WorkflowParked,
  WorkflowRetired,
} from '../problems/errors.js';
import { OwnWorkflows } from '../workflows/own-workflows.js';

/** Where a workflow stands; `result` is JSON text, and null while there is none. */
export interface Outcome {
  readonly head: Head;
  readonly result: string | null;
}

@Injectable()
export class Results {
  constructor(
    private readonly workflows: OwnWorkflows,
    private readonly log: LogReader,
    private readonly states: States,
    private readonly tail: FeedTail,
    private readonly listeners: Listeners,
  ) {}

  /**
   * The result of a workflow, waited for at most `waitMs`; that of a retired one from its tombstone.
   *
   * @param gone - aborted when the client waits no longer
   * @throws UnknownWorkflow, WorkflowParked, WorkflowFailed, WorkflowCancelled, WorkflowRetired, TooManyListeners
   */
  async wait(caller: Caller, id: string, waitMs: number, gone: AbortSignal): Promise<Outcome> {
    try {
      const head = await this.workflows.head(caller, id);
      const isDone = waitMs === 0 || !isUnderWay(head);
      const settled = isDone ? head : await this.untilSettled(caller, head, waitMs, gone);
      return await this.outcome(caller, settled);
    } catch (error) {
      return remains(error);
    }
  }

  private async untilSettled(
    caller: Caller,
    { wf }: Head,
    waitMs: number,
    gone: AbortSignal,
  ): Promise<Head> {
    using watch = this.listeners.watch(caller.tenant, gone);
    watch.onClose(this.tail.listen(wf, watch));
    const endMs = performance.now() + waitMs;
    for (;;) {
      const head = await this.workflows.head(caller, wf);
      if (!isUnderWay(head)) return head;
      if ((await watch.next(endMs - performance.now())) !== 'changed') return head;
    }
  }

  private async outcome(caller: Caller, head: Head): Promise<Outcome> {
    switch (head.status) {
      case 'running':
      case 'cancelling':
      case 'rolling-back':
        return { head, result: null };
      case 'completed':
        return { head, result: (await this.last(caller, head, isResult)).data };
      case 'parked':
        throw new WorkflowParked(head.wf, (await this.states.at(head)).parked);
      case 'failed':
        throw new WorkflowFailed(head.wf, (await this.last(caller, head, isRollback)).meta);
      case 'cancelled':
        throw new WorkflowCancelled(head.wf, (await this.last(caller, head, isCancelling)).meta);
    }
  }

  private async last<Event extends RecordedEvent>(
    caller: Caller,
    { wf, status }: Head,
    wanted: (event: RecordedEvent) => event is Event,
  ): Promise<Event> {
    for await (const event of this.log.readBack(wf)) if (wanted(event)) return event;
    await this.workflows.head(caller, wf); // it may have left meanwhile
    throw new Error(`the log of ${wf} does not say how it came to be ${status}`);
  }
}

/** What a completed workflow has left. @throws error when it is about another */
function remains(error: unknown): Outcome {
  if (!(error instanceof WorkflowRetired) || error.tombstone.status !== 'completed') throw error;
  return { head: error.tombstone, result: error.tombstone.result ?? 'null' };
}

const UNDER_WAY: readonly WorkflowStatus[] = ['running', 'cancelling', 'rolling-back'];
const isUnderWay = ({ status }: Head): boolean => UNDER_WAY.includes(status);

/** The end of the root, or of the task that it was handed off to. */
const isResult = (event: RecordedEvent): event is RecordedEvent<'TaskCompleted'> =>
  event.type === 'TaskCompleted' && event.meta.returnTo === null;

const isRollback = (event: RecordedEvent): event is RecordedEvent<'RollbackStarted'> =>
  event.type === 'RollbackStarted';

const isCancelling = (event: RecordedEvent): event is RecordedEvent<'CancelRequested'> =>
  event.type === 'CancelRequested';
