import type { Append, AppendReply } from '@lockstep/store';

/** What of executions can be counted and measured. */
export interface ExecutionEvents {
  /** The store has answered; what it took stands in the log once. */
  appended(append: Pick<Append, 'items' | 'release' | 'dead'>, reply: AppendReply['reply']): void;
  /** A handler that was begun before has come to where it was. */
  replayed(seconds: number): void;
  /** This process has let a task go that it held for so long. @param handler - the task, as its role names it */
  ran(handler: string, seconds: number): void;
}
