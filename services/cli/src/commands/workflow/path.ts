import { type Query, withQuery } from '../../gateway/query.js';

/** Path of something of a workflow; ids come as they were typed. */
export const workflowPath = (id: string, rest = '', query: Query = {}): string =>
  withQuery(`/v1/workflows/${encodeURIComponent(id)}${rest === '' ? '' : `/${rest}`}`, query);
