/** The lease under which views are written, and the reader behind which the feed may be trimmed. */
export const PROJECTOR = 'projector';

/** A partition that is ours to project. */
export interface Lease {
  readonly partition: number;
  readonly owner: string;
  readonly epoch: number;
}
