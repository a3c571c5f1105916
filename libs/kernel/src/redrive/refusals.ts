import { LockstepError } from '@lockstep/contracts';
import type { OperationNumber, RecordedEvent, TaskId } from '../events/event.js';

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

/** The task has done something with the request that it has: another one would contradict it. */
export class CorrectionRefused extends LockstepError {
  readonly kind = 'conflict';
  readonly code = 'CorrectionRefused';

  constructor(task: TaskId, seen: readonly RecordedEvent[]) {
    super(
      `the request of task ${task} cannot be corrected: it has gone on to ` +
        `${seen.map(({ type }) => type).join(', ')}, which cannot be taken back; run it again as it was, or cancel`,
      { task, versions: seen.map(({ version }) => version) },
    );
  }
}

/** No operation of the task can be given a result as things stand. */
export class SkipRefused extends LockstepError {
  readonly kind = 'conflict';
  readonly code = 'SkipRefused';

  constructor(task: TaskId, why: string) {
    super(`no operation of task ${task} can be skipped: ${why}`, { task });
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
