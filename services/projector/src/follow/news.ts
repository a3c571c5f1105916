import type { Version, WorkflowId } from '@lockstep/kernel';
import type { FeedEntry } from '@lockstep/store';

/** The events of a workflow that some entries of the feed are about. */
export interface News {
  readonly wf: WorkflowId;
  readonly from: Version;
  readonly to: Version;
}

/** However often a workflow is named, its log is read once. @param entries - of one partition, in order */
export function newsOf(entries: readonly FeedEntry[]): News[] {
  const news = new Map<WorkflowId, News>();
  for (const { wf, from, to } of entries) {
    news.set(wf, { wf, from: news.get(wf)?.from ?? from, to });
  }
  return [...news.values()];
}
