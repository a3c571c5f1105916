import {
  awaitsRetryTimer,
  effectProgress,
  type Journal,
  type OperationNumber,
  type RecordedEvent,
  type WaitSpec,
} from '@lockstep/kernel';

/** One operation that the handler asked for and that has no result yet. */
export interface Operation {
  readonly op: OperationNumber;
  /** What it is recorded by, as in `step classify`; see the journal's J2. */
  readonly name: string;
  /** What brings its result: work of this process, or something else that it waits for. */
  readonly by: 'step' | 'effect' | 'append' | 'task' | 'timer' | 'signal';
  /** Only of a signal. */
  readonly signal?: string | undefined;
  /** The work of this process; ends with what it recorded. */
  readonly start?: (() => Promise<unknown>) | undefined;
  /** Hands the result to the handler. */
  deliver(event: RecordedEvent): void;
}

export type ReadyOperation = Operation & { readonly start: () => Promise<unknown> };

/** The operations of one execution that wait for their results. */
export class Operations {
  private readonly open = new Map<OperationNumber, Operation>();
  private readonly running = new Set<OperationNumber>();
  /** Signals that were looked for and not found; looked for again when something was heard. */
  private readonly listening = new Set<OperationNumber>();
  /** Counts what was heard, so that a look which was overtaken by it is taken again. */
  private hearings = 0;
  private readonly groups: (readonly OperationNumber[])[] = [];
  private readonly issued: string[] = [];

  constructor(private readonly journal: Journal) {}

  /** How many the handler has asked for. */
  get count(): number {
    return this.issued.length;
  }

  /** Operations as the handler asked for them now: what is compared with the history. */
  names(): string[] {
    return this.issued.slice(-50);
  }

  add(operation: Operation): void {
    this.issued.push(`${operation.op} ${operation.name}`);
    this.open.set(operation.op, operation);
  }

  /** The operation that a result belongs to; it is open no more. */
  take(op: OperationNumber): Operation | undefined {
    const operation = this.open.get(op);
    this.open.delete(op);
    return operation;
  }

  /** The handler waits for all of these together. */
  group(ops: readonly OperationNumber[]): void {
    this.groups.push(ops);
  }

  /**
   * Work that can be started: not under way, and not waiting for its next attempt.
   *
   * @param settling - only effects whose outcome is open
   */
  ready(settling: boolean): ReadyOperation[] {
    const ready: ReadyOperation[] = [];
    for (const operation of this.open.values()) {
      if (this.isReady(operation, settling)) ready.push(operation);
    }
    return ready;
  }

  private isReady(operation: Operation, settling: boolean): operation is ReadyOperation {
    const { op, start } = operation;
    if (start === undefined || this.running.has(op) || this.listening.has(op)) return false;
    return this.isDue(operation, settling);
  }

  /** Its work begins. @returns how much was heard by then, for its end */
  begin({ op }: ReadyOperation): number {
    this.running.add(op);
    return this.hearings;
  }

  end({ op, by }: ReadyOperation, heard: number): void {
    this.running.delete(op);
    if (by === 'signal' && heard === this.hearings) this.listening.add(op);
  }

  /** Something new was read: a signal may be there now. */
  heard(): void {
    this.hearings += 1;
    this.listening.clear();
  }

  /** Whether every event between own appends matters, not only what is addressed to the task. */
  listens(): boolean {
    return [...this.open.values()].some(({ by }) => by === 'signal');
  }

  /** Operations whose results come from elsewhere. */
  waiting(): Operation[] {
    return [...this.open.values()].filter(
      (operation) =>
        operation.by === 'task' ||
        operation.by === 'timer' ||
        this.listening.has(operation.op) ||
        awaitsRetryTimer(this.journal.recorded(operation.op)),
    );
  }

  openCalls(): OperationNumber[] {
    return this.waiting().flatMap(({ by, op }) => (by === 'task' ? [op] : []));
  }

  openTimers(): OperationNumber[] {
    return this.waiting().flatMap(({ by, op }) => (by === 'task' || by === 'signal' ? [] : [op]));
  }

  /** What a suspended task waits for: groups as wholes, everything else each by itself. */
  waitSpec(): WaitSpec {
    const waiting = this.waiting();
    const signals = waiting.flatMap(({ signal }) => signal ?? []);
    const rest = new Set(waiting.flatMap(({ op, signal }) => (signal === undefined ? [op] : [])));
    const all: OperationNumber[][] = [];
    for (const group of this.groups) {
      const left = group.filter((op) => rest.delete(op));
      if (left.length > 0) all.push(left);
    }
    return { any: [...rest], all, signals: [...new Set(signals)] };
  }

  private isDue({ op, by }: Operation, settling: boolean): boolean {
    const recorded = this.journal.recorded(op);
    if (settling) return by === 'effect' && effectProgress(recorded).now !== 'attempt';
    return !awaitsRetryTimer(recorded);
  }
}
