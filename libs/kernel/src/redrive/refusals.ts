import { LockstepError } from '@lockstep/contracts';
import type { OperationNumber, TaskId } from '../events/event.js';

/** The workflow has no such task. */
export class UnknownTask extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'UnknownTask';

  constructor(task: string) {
    super(`the workflow has no task ${task}`, { task });
  }
}

/** The task cannot be run again as things stand. */
export class RedriveRefused extends LockstepError {
  readonly kind = 'conflict';
  readonly code = 'RedriveRefused';

  constructor(task: TaskId, why: string, details: Readonly<Record<string, unknown>> = {}) {
    super(`task ${task} cannot be run again: ${why}`, { task, ...details });
  }
}

/** There is nothing that a person could settle there as things stand. */
export class SettlementRefused extends LockstepError {
  readonly kind = 'conflict';
  readonly code = 'SettlementRefused';

  constructor(task: TaskId, op: OperationNumber, why: string) {
    super(`operation ${op} of task ${task} cannot be settled: ${why}`, { task, op });
  }
}
