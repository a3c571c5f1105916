import { RecordedFailure, type OperationNumber } from '@lockstep/kernel';

/** A failure of an operation, as the handler got it. */
export interface ToldFailure {
  readonly op: OperationNumber;
  readonly error: RecordedFailure;
  /** How many operations the handler had asked for by then. */
  readonly asked: number;
}

/** The recorded failures that a handler has got, to tell later which of them it did not get over. */
export class ToldFailures {
  private readonly told = new WeakMap<RecordedFailure, ToldFailure>();

  tell(error: unknown, op: OperationNumber, asked: number): void {
    if (error instanceof RecordedFailure) this.told.set(error, { op, error, asked });
  }

  /** The one that an error is, or is caused by. */
  behind(error: unknown): ToldFailure | undefined {
    if (!(error instanceof Error)) return undefined;
    return error instanceof RecordedFailure ? this.told.get(error) : this.behind(error.cause);
  }
}
