import { evolveView, initialView, type RecordedEvent, type WorkflowId } from '@lockstep/kernel';
import { fits } from '../programs/forecast.js';
import type { End } from '../programs/oracle.js';
import { failureIn, type Value } from '../programs/program.js';

/** How a workflow ended, by its head. */
export interface Ended {
  readonly status: string;
  readonly events: readonly RecordedEvent[];
}

/** What is wrong with how a program ended, in words. */
export function outcomeFaults({ status, events }: Ended, end: End): string[] {
  if (status !== end.status) return [`it is ${status} instead of ${end.status}${causeOf(events)}`];
  const wrong = status === 'completed' ? wrongValue(events, end) : wrongFailure(events, end);
  return [...wrong, ...wrongCount(events, end)];
}

function wrongValue(events: readonly RecordedEvent[], { value: pattern }: End): string[] {
  const root = events.findLast((event) => event.type === 'TaskCompleted' && isOfRoot(event));
  const { value: text } = JSON.parse(root?.data ?? '{}') as { readonly value?: string };
  const value = text === undefined ? undefined : (JSON.parse(text) as Value);
  if (pattern !== null && fits(value, pattern)) return [];
  return [`its value is ${text}, which does not fit ${JSON.stringify(pattern)}`];
}

function wrongFailure(events: readonly RecordedEvent[], { failures }: End): string[] {
  if (failures.size === 0) return []; // called off
  const message = failureOf(events);
  const id = failureIn(message);
  if (id !== undefined && failures.has(id)) return [];
  return [`it failed with "${message}" instead of one of ${[...failures].join(', ')}`];
}

/** What nobody caught; empty when nothing failed. */
function failureOf(events: readonly RecordedEvent[]): string {
  const root = events.findLast((event) => event.type === 'TaskFailed' && isOfRoot(event));
  return root?.type === 'TaskFailed' ? (root.meta.error[0]?.message ?? '') : '';
}

/** It, or the task that it was handed to. */
const isOfRoot = ({ meta }: RecordedEvent): boolean => 'returnTo' in meta && meta.returnTo === null;

function causeOf(events: readonly RecordedEvent[]): string {
  const message = failureOf(events);
  return message === '' ? '' : `: ${message}`;
}

function wrongCount(events: readonly RecordedEvent[], { count: { least, most } }: End): string[] {
  const { state } = evolveView(initialView('' as WorkflowId), events);
  const { merged = 0, updated = 0 } = state as { readonly merged?: number; updated?: number };
  const counted = merged + updated;
  if (counted >= least && counted <= most) return [];
  return [`the shared state has counted ${counted} instead of ${least} to ${most}`];
}
