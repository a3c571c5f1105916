import { Injectable } from '@nestjs/common';
import type { WorkflowId } from '@lockstep/kernel';
import { type Head, HeadReader } from '@lockstep/store';
import type { Caller } from '../auth/api-keys.js';
import { UnknownWorkflow } from '../problems/errors.js';

const ID_PATTERN = /^[\w.-]{1,128}$/;

/** The one way from an id in a request to a workflow: through the caller's tenant (G7). */
@Injectable()
export class OwnWorkflows {
  constructor(private readonly heads: HeadReader) {}

  /** @throws UnknownWorkflow when there is none, or it is another tenant's */
  async head({ tenant }: Caller, id: string): Promise<Head> {
    const head = ID_PATTERN.test(id) ? await this.heads.read(id as WorkflowId) : null;
    if (head?.tenant !== tenant) throw new UnknownWorkflow(id);
    return head;
  }
}
