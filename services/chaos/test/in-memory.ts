// Runs a program with nothing of Lockstep but its errors: what happens when is drawn.

import { setImmediate as turn } from 'node:timers/promises';
import {
  CallCancelled,
  CallFailed,
  chainOf,
  EffectRejected,
  StepFailedForGood,
  type TaskId,
} from '@lockstep/kernel';
import type { TaskContext } from '@lockstep/runtime';
import { randomFrom } from '@lockstep/testing';
import type { Answer, Assignment } from '../src/programs/contracts.js';
import { Interpreter } from '../src/programs/interpreter.js';
import { type Deed, Effects } from '../src/programs/outside.js';
import { failureIn, type Program, type Value } from '../src/programs/program.js';

const NAME = 'p';
const LONGEST_TURNS = 6;

/** What came of a run. */
export interface Ran {
  readonly value: Value | null;
  /** In which it ended. */
  readonly failure: number | undefined;
  /** Keys of what was done. */
  readonly acted: ReadonlySet<string>;
  readonly counted: number;
}

/** Runs it to its end, and to that of everything that it left behind. */
export async function runInMemory({ root }: Program, seed: number): Promise<Ran> {
  const run = new Run(randomFrom(seed));
  const ended = await run.task({ name: NAME, task: root }).then(
    ({ value }) => ({ value: JSON.parse(value) as Value, failure: undefined }),
    (error: unknown) => ({ value: null, failure: failureIn((error as Error).message) }),
  );
  await run.isQuiet();
  return { ...ended, acted: run.acted, counted: run.counted };
}

class Run {
  readonly acted = new Set<string>();
  counted = 0;
  private open = 0;
  private readonly effects = new Effects(
    { act: () => Promise.resolve(), hasActed: () => Promise.resolve(false) },
    {},
  );

  constructor(private readonly random: () => number) {}

  /** A task waits for its calls when it returns, and not when it fails. */
  async task(assignment: Assignment, isWanted = () => true): Promise<Answer> {
    const calls: Promise<unknown>[] = [];
    const means = { effects: this.effects, release: 1, work: () => Promise.resolve() };
    const context = this.context(calls, isWanted);
    const answer = await new Interpreter(assignment, context, means).run();
    await Promise.allSettled(calls);
    return answer;
  }

  async isQuiet(): Promise<void> {
    while (this.open > 0) await turn();
  }

  private context(calls: Promise<unknown>[], isWanted: () => boolean): TaskContext {
    const cancels = new Map<unknown, () => void>();
    const later = <Result>(work: () => Result): Promise<Result> => this.later(work, isWanted);
    const context: Partial<Record<keyof TaskContext, unknown>> = {
      workflow: { type: 'compensate-program' },
      step: (name: string, run: (io: object) => unknown) =>
        later(() => run({})).catch((error: unknown) => {
          throw new StepFailedForGood(name, 1, chainOf(error));
        }),
      effect: (_: unknown, { input }: { input: Deed }) => later(() => this.act(input)),
      sleep: () => later(() => undefined),
      signal: () => later(() => undefined),
      savepoint: () => later(() => undefined),
      state: () => ({
        merge: ({ merged }: { merged: number }) => later(() => void (this.counted += merged)),
        update: (_: string, change: (before: number) => number) =>
          later(() => void (this.counted += change(0))),
      }),
      handoff: (_: unknown, assignment: Assignment) => this.task(assignment, isWanted),
      all: (operations: Promise<unknown>[]) => Promise.all(operations),
      call: (_: unknown, assignment: Assignment) => {
        let isCancelled = false;
        const call = later(() => undefined)
          .then(() => this.task(assignment, () => isWanted() && !isCancelled))
          .catch((error: unknown) => failCall(error));
        cancels.set(call, () => (isCancelled = true));
        calls.push(call);
        return call;
      },
      cancel: (call: unknown) => cancels.get(call)?.(),
    };
    return context as unknown as TaskContext;
  }

  private act({ key, refusal }: Deed): void {
    if (refusal === undefined) this.acted.add(key);
    else throw new EffectRejected('plain', key, chainOf(new Error(refusal)));
  }

  /** Nothing is begun that is not wanted any more. */
  private async later<Result>(work: () => Result, isWanted: () => boolean): Promise<Result> {
    this.open += 1;
    try {
      for (let left = this.random() * LONGEST_TURNS; left > 0; left -= 1) await turn();
      if (!isWanted()) throw new CallCancelled('a task', 'it is not wanted');
      return work();
    } finally {
      this.open -= 1;
    }
  }
}

function failCall(error: unknown): never {
  if (error instanceof CallCancelled) throw error;
  const origin = { task: 't' as TaskId, role: 'north' };
  throw new CallFailed('north.run', chainOf(error), origin);
}
