import { decodeRequest, encodeResult } from '@lockstep/contracts';
import { HandlerContext } from '../context/handler-context.js';
import type { ClaimedTask, TaskHandler, TaskRunner } from '../worker/claimed-task.js';
import { scheduledOf, type Outcome } from './ending.js';
import { TaskExecution, type ExecutionPorts } from './task-execution.js';

/** Runs claimed tasks: decodes the request, calls the handler, encodes what came of it. */
export class ExecutionRunner implements TaskRunner {
  constructor(private readonly ports: ExecutionPorts) {}

  async run(claimed: ClaimedTask, handler: TaskHandler): Promise<void> {
    const execution = new TaskExecution(claimed, this.ports, handler.options.retry);
    const context = new HandlerContext(execution);
    await execution.run(() => outcomeOf(claimed, handler, context));
  }
}

/** A violation of the contract never reaches the handler, and what it returns is held to it as well. */
async function outcomeOf(
  claimed: ClaimedTask,
  handler: TaskHandler,
  context: HandlerContext,
): Promise<Outcome> {
  try {
    const { version } = scheduledOf(claimed);
    const request = decodeRequest(handler.contract, {
      version,
      body: claimed.history[0]?.data ?? '',
    });
    const result = await handler.invoke(request, context);
    return { as: 'returned', ...encodeResult(handler.contract, result) };
  } catch (error) {
    return { as: 'failed', error };
  }
}
