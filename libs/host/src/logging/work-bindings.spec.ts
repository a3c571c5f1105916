import { describe, expect, it } from '@jest/globals';
import type { TaskId, WorkflowId } from '@lockstep/kernel';
import { type DestinationStream, type LoggerOptions, pino } from 'pino';
import { loggingOf } from './logging.js';
import { inWork, workBindings } from './work-bindings.js';

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

  it('are on every line that is logged while the work runs, and on no other', async () => {
    const lines: unknown[] = [];
    const stream: DestinationStream = { write: (line) => lines.push(JSON.parse(line)) };
    const { pinoHttp } = loggingOf({ name: 'payments', level: 'info' });
    const logger = pino(pinoHttp as LoggerOptions, stream);
    await inWork({ workflow, task: 'r' as TaskId }, async () => {
      await Promise.resolve();
      logger.info('paid');
    });
    logger.info('idle');
    expect(lines).toMatchObject([
      { msg: 'paid', workflow, task: 'r', name: 'payments' },
      { msg: 'idle' },
    ]);
    expect(lines[1]).not.toHaveProperty('workflow');
  });
});
