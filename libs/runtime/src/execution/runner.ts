import { decodeRequest, type EncodedPayload, encodeResult } from '@lockstep/contracts';
import { inWork } from '@lockstep/host';
import type { RecordedEvent } from '@lockstep/kernel';
import { HandlerContext } from '../context/handler-context.js';
import type { ClaimedTask, TaskHandler, TaskRunner } from '../worker/claimed-task.js';
import { TaskAccess } from '../targets/task-access.js';
import { scheduledOf, type Outcome } from './ending.js';
import { TaskExecution, type ExecutionPorts } from './task-execution.js';

/** Runs claimed tasks: decodes the request, calls the handler, encodes what came of it. */
export class ExecutionRunner implements TaskRunner {
  constructor(private readonly ports: ExecutionPorts) {}

  async run(claimed: ClaimedTask, handler: TaskHandler): Promise<void> {
    const { clock, events } = this.ports;
    const beganMs = clock.monotonicMs();
    this.tell(claimed, { epoch: claimed.epoch }, 'a task is worked on');
    const execution = new TaskExecution(claimed, this.ports, handler.options.retry);
    const context = new HandlerContext(execution, handler.options.target);
    const access = new TaskAccess(execution, handler);
    await execution.run(() => access.through(() => outcomeOf(claimed, handler, context)));
    access.leave();
    const seconds = (clock.monotonicMs() - beganMs) / 1000;
    events.ran(handler.contract.name, seconds);
    this.tell(claimed, { epoch: claimed.epoch, seconds }, 'a task was let go');
  }

  private tell(claimed: ClaimedTask, facts: object, message: string): void {
    const { role, name: handler } = scheduledOf(claimed);
    inWork({ workflow: claimed.wf, task: claimed.task, role }, () => {
      this.ports.logger.debug({ ...facts, handler }, message);
    });
  }
}

/** What the task was asked, or what a person has put in its place. */
function requestOf(claimed: ClaimedTask): EncodedPayload {
  const { history, task } = claimed;
  const corrected = history.findLast(
    (event) => event.type === 'RequestCorrected' && event.task === task,
  ) as RecordedEvent<'RequestCorrected'> | undefined;
  const { version } = corrected?.meta ?? scheduledOf(claimed);
  return { version, body: (corrected ?? history[0])?.data ?? '' };
}

/** A violation of the contract never reaches the handler, and what it returns is held to it as well. */
async function outcomeOf(
  claimed: ClaimedTask,
  handler: TaskHandler,
  context: HandlerContext,
): Promise<Outcome> {
  try {
    const request = decodeRequest(handler.contract, requestOf(claimed));
    const result = await handler.invoke(request, context);
    return { as: 'returned', ...encodeResult(handler.contract, result) };
  } catch (error) {
    return { as: 'failed', error };
  }
}
