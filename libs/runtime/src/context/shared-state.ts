import {
  encodeStateChange,
  LockstepError,
  mergesOf,
  type WorkflowContract,
} from '@lockstep/contracts';
import {
  fieldVersion,
  foldState,
  mergesOfLog,
  type OperationNumber,
  type RecordedEvent,
  type Version,
} from '@lockstep/kernel';
import type { AppendItem } from '@lockstep/store';
import { taskEvent } from '../execution/ending.js';
import type { TaskExecution } from '../execution/task-execution.js';
import type { SharedState } from './task-context.js';

/** How a change becomes an operation of the task: by what it wants recorded, or by work that finds out. */
export type IssueChange = (
  name: string,
  change: {
    readonly items?: (op: OperationNumber) => readonly AppendItem[];
    readonly start?: (op: OperationNumber) => Promise<void>;
  },
) => Promise<void>;

export class WrongState extends LockstepError {
  readonly code = 'WrongState';
  readonly kind = 'permanent';
}

export class SharedStateOf<State> implements SharedState<State> {
  constructor(
    private readonly execution: TaskExecution,
    private readonly contract: WorkflowContract<unknown, unknown, State, unknown>,
    private readonly issue: IssueChange,
  ) {
    const { workflowType } = execution.claimed;
    if (contract.type === workflowType) return;
    throw new WrongState(
      `a task of a ${workflowType} asked for the state of ${contract.type}: pass the contract of its own workflow`,
      { asked: contract.type, workflow: workflowType },
    );
  }

  read(): Promise<Readonly<State>> {
    const upTo = this.execution.deliveredUpTo;
    return this.execution.reading(async () => this.fold(await this.execution.history.upTo(upTo)));
  }

  merge(change: Partial<State>): Promise<void> {
    const { body } = encodeStateChange(this.contract, change);
    const fields = Object.keys(change);
    const items = (op: OperationNumber): AppendItem[] => [this.changed(op, body, fields, null)];
    return this.issue(`state ${fields.join(' ')}`, { items });
  }

  update<Field extends keyof State & string>(
    field: Field,
    change: (value: State[Field] | undefined) => State[Field],
  ): Promise<void> {
    if (mergesOf(this.contract.state).get(field) !== 'last') {
      throw new WrongState(
        `${field} does not merge by last write, so no value of it can be replaced: use merge()`,
        { field },
      );
    }
    const start = (op: OperationNumber): Promise<void> => this.updateLatest(op, field, change);
    return this.issue(`state ${field}`, { start });
  }

  /** Once more when another writer was first: a lost race is never silent. */
  private async updateLatest<Field extends keyof State & string>(
    op: OperationNumber,
    field: Field,
    change: (value: State[Field] | undefined) => State[Field],
  ): Promise<void> {
    for (;;) {
      const events = await this.execution.history.latest();
      const value = change(this.fold(events)[field]);
      const { body } = encodeStateChange(this.contract, {
        [field]: value,
      } as unknown as Partial<State>);
      const item = this.changed(op, body, [field], fieldVersion(events, field));
      if (await this.execution.record([item], true)) return;
    }
  }

  private changed(
    op: OperationNumber,
    body: string,
    fields: readonly string[],
    expected: Version | null,
  ): AppendItem {
    const event = taskEvent(this.execution.claimed, 'StateChanged', { fields }, op, body);
    return { event, fields: fields.map((name) => ({ name, expected })) };
  }

  /** By the merges that the workflow was started under: a later release cannot change an old state (G8). */
  private fold(events: readonly RecordedEvent[]): State {
    return foldState(mergesOfLog(events), events) as State;
  }
}
