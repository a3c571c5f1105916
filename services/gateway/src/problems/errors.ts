import { type FieldViolation, LockstepError } from '@lockstep/contracts';
import type { EventMeta, ParkedView } from '@lockstep/kernel';
import type { Tombstone } from '@lockstep/store';

/** The request itself does not fit, whatever the workflow's state. */
export class InvalidRequest extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'InvalidRequest';

  constructor(
    message: string,
    readonly fields: readonly FieldViolation[] = [],
    options?: ErrorOptions,
  ) {
    super(message, {}, options);
  }
}

/** No key, or none that is known. */
export class Unauthorized extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'Unauthorized';

  constructor() {
    super(
      'send a known API key as `Authorization: Bearer <key>`; ' +
        'a gateway without keys answers only requests for localhost',
    );
  }
}

/** What was asked for concerns all tenants, and the key is not an operator's. */
export class NotAnOperator extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'NotAnOperator';

  constructor() {
    super('this concerns all tenants: use an API key that is set as `<key>=<tenant>+operator`');
  }
}

/** Nothing was ever sent to a target of that name. */
export class UnknownTarget extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'UnknownTarget';

  constructor(target: string) {
    super(`nothing was ever sent to a target ${JSON.stringify(target)}`, { target });
  }
}

/** There is no such redrive any more, or it is another tenant's: the two cannot be told apart (G7). */
export class UnknownRedrive extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'UnknownRedrive';

  constructor(id: string) {
    super(`there is no redrive ${id}; one that has ended is forgotten after a week`, { id });
  }
}

/** No unreadable message of that id is there, or was lately. */
export class UnknownMessage extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'UnknownMessage';

  constructor(id: string) {
    super(`there is no unreadable message ${JSON.stringify(id)}`, { id });
  }
}

/** No process of that id is alive. */
export class UnknownWorker extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'UnknownWorker';

  constructor(worker: string) {
    super(`no worker ${JSON.stringify(worker)} is alive`, { worker });
  }
}

/** There is no such workflow, or it is another tenant's: the two cannot be told apart (G7). */
export class UnknownWorkflow extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'UnknownWorkflow';

  constructor(id: string) {
    super(`there is no workflow ${id}`, { id });
  }
}

/** There is no such dead letter any more, or it is another tenant's: the two cannot be told apart (G7). */
export class UnknownDeadLetter extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'UnknownDeadLetter';

  constructor(id: string) {
    super(
      `there is no dead letter ${id}; it goes when its task is run again or its workflow ends`,
      {
        id,
      },
    );
  }
}

export class UnknownWorkflowType extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'UnknownWorkflowType';

  constructor(type: string, known: readonly string[]) {
    super(`this gateway knows no workflow type ${JSON.stringify(type)}`, { type, known });
  }
}

/** The modules that this gateway was given export no role with that task. */
export class UnknownTaskContract extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'UnknownTaskContract';

  constructor(task: string) {
    super(`this gateway knows no contract of task ${task}, so it cannot check a request of it`, {
      task,
    });
  }
}

export class UnknownSignal extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'UnknownSignal';

  constructor(type: string, name: string, known: readonly string[]) {
    super(`workflow type ${type} takes no signal ${JSON.stringify(name)}`, { type, name, known });
  }
}

/** A version that the workflow has not reached. */
export class UnknownVersion extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'UnknownVersion';

  constructor(id: string, version: number, current: number) {
    super(`workflow ${id} is at version ${current}; there is no version ${version} yet`, {
      id,
      version,
      current,
    });
  }
}

/** The key was used with another body before. A command is repeated exactly, or gets a new key. */
export class IdempotencyConflict extends LockstepError {
  readonly kind = 'conflict';
  readonly code = 'IdempotencyConflict';

  constructor(what: string) {
    super(
      `${what} came under this idempotency key with another body before; ` +
        'repeat it unchanged, or choose a new key',
    );
  }
}

/** The workflow takes nothing any more. */
export class WorkflowEnded extends LockstepError {
  readonly kind = 'conflict';
  readonly code = 'WorkflowEnded';

  constructor(id: string, status: string) {
    super(`workflow ${id} is ${status} and takes nothing any more`, { id, status });
  }
}

/** There is no result, because the workflow waits for a person's decision. */
export class WorkflowParked extends LockstepError {
  readonly kind = 'conflict';
  readonly code = 'WorkflowParked';

  /** @param parked - what waits, with what the person can do; the details tell of the first */
  constructor(id: string, parked: readonly ParkedView[]) {
    const [first] = parked;
    const options = first?.options.map(({ action }) => action).join(', ') ?? '';
    super(
      `workflow ${id} is parked (${first?.reason ?? 'Unknown'}); ` +
        `a person can: ${options === '' ? 'look at its effects' : options}`,
      { id, ...first, waiting: parked.length },
    );
  }
}

/** There is no result and there will be none. */
export class WorkflowCancelled extends LockstepError {
  readonly kind = 'conflict';
  readonly code = 'WorkflowCancelled';

  constructor(id: string, { reason, by }: EventMeta['CancelRequested']) {
    super(`workflow ${id} was cancelled: ${reason}`, { id, reason, by });
  }
}

/** There is no result: nobody caught a failure, or a person gave the workflow up. */
export class WorkflowFailed extends LockstepError {
  readonly kind = 'conflict';
  readonly code = 'WorkflowFailed';

  constructor(id: string, { reason, by, task, error }: EventMeta['RollbackStarted']) {
    super(`workflow ${id} has failed: ${error?.[0]?.message ?? reason}`, {
      ...{ id, reason, by },
      ...(task && { task }),
      ...(error && { error }),
    });
  }
}

/** It ended long ago, and its log has left the store. Its result is still answered. */
export class WorkflowRetired extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'WorkflowRetired';

  constructor(readonly tombstone: Tombstone) {
    const { wf: id, status, version } = tombstone;
    super(
      `workflow ${id} is ${status}, and has left the store since; an archive may have its log`,
      {
        ...{ id, status, version },
      },
    );
  }
}

/** The workflow has reached no savepoint of this name. */
export class UnknownSavepoint extends LockstepError {
  readonly kind = 'rejected';
  readonly code = 'UnknownSavepoint';

  constructor(id: string, savepoint: string, reached: readonly string[]) {
    const known = reached.length === 0 ? 'none' : reached.join(', ');
    super(`workflow ${id} has reached no savepoint ${savepoint}; it has reached: ${known}`, {
      ...{ id, savepoint, reached },
    });
  }
}

/** The workflow is not at the version that the caller named. */
export class VersionMismatch extends LockstepError {
  readonly kind = 'conflict';
  readonly code = 'VersionMismatch';

  constructor(id: string, seen: number, current: number) {
    super(
      `workflow ${id} is at version ${current}, not at ${seen}; ` +
        'look at what changed, then decide again with the new version',
      { id, seen, current },
    );
  }
}

/** Others kept changing the workflow while the command was being decided. */
export class WorkflowChanged extends LockstepError {
  readonly kind = 'conflict';
  readonly code = 'WorkflowChanged';

  constructor(id: string, found: string) {
    super(`workflow ${id} changed while this was decided (${found}); read it, then decide again`, {
      id,
      found,
    });
  }
}

/** The projection has not come as far as was asked for, in the time there was. */
export class ViewBehind extends LockstepError {
  readonly kind = 'transient';
  readonly code = 'ViewBehind';

  constructor(id: string, wanted: number, found: number) {
    super(`the view of workflow ${id} is at version ${found}, not yet at ${wanted}; ask again`, {
      id,
      wanted,
      found,
    });
  }
}

/** This process serves as many streams and long polls as it may. */
export class TooManyListeners extends LockstepError {
  readonly kind = 'transient';
  readonly code = 'TooManyListeners';

  constructor(limit: number) {
    super(`${limit} streams and long polls are open, which is the limit; ask again later`, {
      limit,
    });
  }
}
