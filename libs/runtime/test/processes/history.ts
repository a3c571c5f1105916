import { expect } from '@jest/globals';
import type { EventType, RecordedEvent } from '@lockstep/kernel';

const RESULTS: readonly EventType[] = [
  'StepCompleted',
  'EffectCommitted',
  'StateChanged',
  'TimerFired',
];

/** Dense versions (G1), and no operation with two results (G4). */
export function expectOneHistory(events: readonly RecordedEvent[]): void {
  expect(events.map(({ version }) => version)).toEqual(events.map((_, at) => at + 1));
  const results = events.filter(({ type }) => RESULTS.includes(type));
  const operations = results.map(({ task, op }) => `${task} ${op}`);
  expect(operations).toEqual([...new Set(operations)]);
}
