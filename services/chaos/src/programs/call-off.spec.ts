import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@lockstep/kernel';
import { callOffIn } from './call-off.js';

const event = (type: string, meta: object) => ({ type, meta }) as unknown as RecordedEvent;
const began = event('WorkflowStarted', {});

describe('how a workflow was called off', () => {
  it.each([
    ['CancelRequested', { by: 'ann', rollback: false }, 'cancel'],
    ['CancelRequested', { by: 'ann', rollback: true }, 'cancel and undo'],
    ['RollbackStarted', { by: 'ann', to: 0 }, 'roll back'],
    ['RollbackStarted', { by: 'policy', to: 0 }, undefined],
    ['WorkflowCompleted', {}, undefined],
  ])('is told by %s %j: %s', (type, meta, how) => {
    expect(callOffIn([began, event(type, meta)])).toBe(how);
  });
});
