import { Injectable } from '@nestjs/common';
import type { SignalContract } from '@lockstep/contracts';
import type { Version, WorkflowId } from '@lockstep/kernel';
import { LogReader, Store } from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { Catalogue } from '../contracts/catalogue.js';
import { receivedSignal } from '../contracts/received.js';
import {
  IdempotencyConflict,
  UnknownSignal,
  UnknownWorkflow,
  WorkflowEnded,
} from '../problems/errors.js';
import { commandIdOf } from '../requests/command-id.js';
import { OwnWorkflows } from '../workflows/own-workflows.js';

export interface SignalSent {
  readonly id: WorkflowId;
  /** Of the event that holds the signal. */
  readonly version: Version;
}

type SignalContracts = Readonly<Record<string, SignalContract<unknown>>>;

@Injectable()
export class Signals {
  constructor(
    private readonly workflows: OwnWorkflows,
    private readonly store: Store,
    private readonly log: LogReader,
    private readonly catalogue: Catalogue,
  ) {}

  /**
   * Tells a workflow something, once for each id.
   *
   * @throws UnknownWorkflow, UnknownSignal, ContractViolation, IdempotencyConflict, WorkflowEnded
   */
  async send(
    caller: Caller,
    id: string,
    name: string,
    { signalId, payload }: { readonly signalId: string; readonly payload: unknown },
  ): Promise<SignalSent> {
    const { wf, type } = await this.workflows.head(caller, id);
    const { version: written, body } = receivedSignal(this.contract(type, name), payload);
    const meta = { name, id: signalId, version: written };
    const sent = { wf, id: commandIdOf('signal', signalId), name, meta, payload: body };
    const reply = await this.store.signal(sent);
    switch (reply.reply) {
      case 'unknown':
        throw new UnknownWorkflow(id);
      case 'ended':
        throw new WorkflowEnded(id, reply.status);
      case 'duplicate':
        await this.checkSame(wf, reply.version, name, body);
        return { id: wf, version: reply.version };
      case 'ok':
        return { id: wf, version: reply.version };
    }
  }

  private contract(type: string, name: string): SignalContract<unknown> {
    const signals: SignalContracts = this.catalogue.workflow(type).signals;
    const contract = Object.hasOwn(signals, name) ? signals[name] : undefined;
    if (!contract) throw new UnknownSignal(type, name, Object.keys(signals));
    return contract;
  }

  private async checkSame(
    wf: WorkflowId,
    version: Version,
    name: string,
    body: string,
  ): Promise<void> {
    const [recorded] = await this.log.all(wf, version, version);
    const isSame =
      recorded?.type === 'SignalReceived' && recorded.meta.name === name && recorded.data === body;
    if (!isSame) throw new IdempotencyConflict('a signal');
  }
}
