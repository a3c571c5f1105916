import { describe, expect, it } from '@jest/globals';
import type { TaskId, WorkflowId } from '@lockstep/kernel';
import { workBindings } from './work-bindings.js';

describe('the bindings of a log line', () => {
  const workflow = 'wf-0123456789abcdef0123456789abcdef' as WorkflowId;

  it('take the trace id from the workflow, and the span id from the task', () => {
    const line = workBindings({ workflow, task: 'r.3' as TaskId, role: 'payments' });
    expect(line).toEqual({
      workflow,
      task: 'r.3',
      role: 'payments',
      traceId: '0123456789abcdef0123456789abcdef',
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  it('give the same ids in every process', () => {
    const work = { workflow: 'wf-of-a-test' as WorkflowId, task: 'r' as TaskId };
    expect(workBindings(work)).toEqual(workBindings({ ...work }));
    expect(workBindings(work)).toMatchObject({ traceId: expect.stringMatching(/^[0-9a-f]{32}$/) });
  });
});
