// Claims what was delivered.
//
//   C1. A claim is repeated under its own id until it is answered: a lost reply costs nothing (S2).
//   C2. The claim and the rest of the history travel together. A task's first claim needs no more history than
//       what it was asked, which comes with the claim.
//   C3. A message of a task that nobody here handles is not claimed: a newer worker of the role reads it again.

import { LockstepError } from '@lockstep/contracts';
import type { RecordedEvent, Version, WorkerId } from '@lockstep/kernel';
import type { ClaimReply, Delivery, LogReader, Store } from '@lockstep/store';
import type { Clock } from '../execution/clock.js';
import { repeatUntilAnswered } from '../execution/repeat.js';
import type { ClaimedTask, TaskHandler } from './claimed-task.js';
import type { Heartbeat } from './heartbeat.js';
import type { Hold } from './hold.js';
import type { Holds } from './holds.js';

/** A newer release of the role asks for a task that this one does not know. */
export class UnhandledTask extends LockstepError {
  readonly code = 'UnhandledTask';
  readonly kind = 'permanent';
}

export interface Claimed {
  readonly hold: Hold;
  readonly task: ClaimedTask;
  readonly handler: TaskHandler;
}

export interface ClaimerPorts {
  readonly store: Pick<Store, 'claim'>;
  readonly log: Pick<LogReader, 'all'>;
  readonly heartbeat: Pick<Heartbeat, 'beat' | 'register'>;
  readonly holds: Holds;
  readonly clock: Clock;
}

type Granted = Extract<ClaimReply, { readonly reply: 'ok' }>;

export class Claimer {
  constructor(
    private readonly worker: WorkerId,
    private readonly handlers: ReadonlyMap<string, TaskHandler>,
    private readonly ports: ClaimerPorts,
  ) {}

  /**
   * @param readAtMs - when the delivery was read, by the monotonic clock
   * @returns null when the task is no longer there to be claimed
   * @throws UnhandledTask when nobody here handles it
   */
  async claim(delivery: Delivery, readAtMs: number): Promise<Claimed | null> {
    const hold = this.ports.holds.begin(delivery.wf, delivery.task);
    try {
      const claimed = await this.claimFor(delivery, readAtMs, hold);
      if (!claimed) this.ports.holds.end(hold);
      return claimed;
    } catch (error) {
      this.ports.holds.end(hold);
      throw error;
    }
  }

  private async claimFor(
    delivery: Delivery,
    readAtMs: number,
    hold: Hold,
  ): Promise<Claimed | null> {
    const handler = this.handlerOf(delivery);
    const [reply, rest] = await repeatUntilAnswered(
      () => this.ask(delivery, hold, handler), // C1
      this.ports.clock,
      hold.lost,
    );
    if (reply.reply !== 'ok') return null;
    hold.grant(reply.startedAt);
    this.ports.holds.supersede(hold);
    const history = [reply.scheduled, ...(rest ?? [this.startedBy(delivery, hold, reply)])];
    return { hold, handler, task: claimedTask(delivery, readAtMs, hold, reply, history) };
  }

  /** C2: the claim, and behind it on the same connection what the task is to go on from. */
  private async ask(
    delivery: Delivery,
    hold: Hold,
    handler: TaskHandler,
  ): Promise<readonly [ClaimReply, readonly RecordedEvent[] | null]> {
    const claiming = this.claimRegistered(delivery, hold, handler);
    if (delivery.dispatch === 1) return [await claiming, null];
    const reading = this.ports.log.all(delivery.wf, delivery.born + 1);
    const [reply, events] = await Promise.all([claiming, reading]);
    if (reply.reply !== 'ok') return [reply, null];
    return [reply, await this.upTo(reply.startedAt, delivery, events)];
  }

  private async claimRegistered(
    delivery: Delivery,
    hold: Hold,
    handler: TaskHandler,
  ): Promise<ClaimReply> {
    const { wf, task, dispatch, inbox, message, partition } = delivery;
    const { heartbeat, store } = this.ports;
    const { worker } = this;
    const deadlineMs = handler.options.timeoutMs;
    for (;;) {
      const claim = { wf, task, dispatch, claim: hold.claim, worker, inbox, message, deadlineMs };
      const reply = await store.claim({ ...claim, beat: heartbeat.beat });
      if (reply.reply !== 'unregistered') return reply;
      await heartbeat.register(partition);
    }
  }

  /** The claim may have been executed after the read, when it had to be sent again. */
  private async upTo(
    startedAt: Version,
    { wf, born }: Delivery,
    events: readonly RecordedEvent[],
  ): Promise<readonly RecordedEvent[]> {
    const last = events.at(-1)?.version ?? born;
    return last >= startedAt ? events : [...events, ...(await this.ports.log.all(wf, last + 1))];
  }

  private handlerOf({ name, inbox, message }: Delivery): TaskHandler {
    const handler = this.handlers.get(name);
    if (handler) return handler;
    throw new UnhandledTask(`a worker of ${inbox} was asked for ${name}, which it does not know`, {
      ...{ inbox, message },
      task: name,
    }); // C3
  }

  /** What the claim wrote, without another read; only the store knows its time. */
  private startedBy(
    { task, dispatch, alone }: Delivery,
    { claim }: Hold,
    reply: Granted,
  ): RecordedEvent {
    const { epoch, startedAt: version } = reply;
    const meta = { worker: this.worker, claim, dispatch, alone };
    return { type: 'TaskStarted', version, task, op: 0, epoch, atMs: 0, meta, data: '' };
  }
}

function claimedTask(
  { wf, task, dispatch }: Delivery,
  readAtMs: number,
  hold: Hold,
  { epoch, mode, tenant, type, onFailure, limits }: Granted,
  history: readonly RecordedEvent[],
): ClaimedTask {
  return {
    wf,
    task,
    dispatch,
    readAtMs,
    claim: hold.claim,
    epoch,
    mode,
    tenant,
    workflowType: type,
    onFailure,
    limits,
    history,
    lost: hold.lost,
    onWoken: (listener) => {
      hold.onWoken(listener);
    },
    seen: (version) => {
      hold.seen(version);
    },
  };
}
