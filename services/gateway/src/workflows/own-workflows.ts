import { Injectable } from '@nestjs/common';
import type { WorkflowId } from '@lockstep/kernel';
import { type Head, HeadReader, TombstoneReader } from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { UnknownWorkflow, WorkflowRetired } from '../problems/errors.js';

const ID_PATTERN = /^[\w.-]{1,128}$/;

/** The one way from an id in a request to a workflow: through the caller's tenant (G7). */
@Injectable()
export class OwnWorkflows {
  constructor(
    private readonly heads: HeadReader,
    private readonly tombstones: TombstoneReader,
  ) {}

  /**
   * @throws UnknownWorkflow when there is none, or it is another tenant's
   * @throws WorkflowRetired when it ended long ago, and nothing but its tombstone is left
   */
  async head({ tenant }: Caller, id: string): Promise<Head> {
    if (!ID_PATTERN.test(id)) throw new UnknownWorkflow(id);
    const wf = id as WorkflowId;
    const head = await this.heads.read(wf);
    if (head?.tenant === tenant) return head;
    const tombstone = head ? null : await this.tombstones.read(wf);
    if (tombstone?.tenant === tenant) throw new WorkflowRetired(tombstone);
    throw new UnknownWorkflow(id);
  }
}
