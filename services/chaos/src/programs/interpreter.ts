import {
  CallFailed,
  EffectRejected,
  Rejected,
  StepFailedForGood,
  type TaskContext,
} from '@lockstep/runtime';
import { type Answer, type Assignment, type Receipt, roles, workflowNamed } from './contracts.js';
import type { Effects } from './outside.js';
import {
  type Act,
  type Attempt,
  type Call,
  type Change,
  type Concurrent,
  type Count,
  type Failure,
  failureIn,
  failureText,
  type Part,
  type Race,
  type Runner,
  type Savepoint,
  type Step,
  type Value,
  type Wait,
} from './program.js';
import { actReference } from './references.js';
import { valueOf } from './values.js';

/** What an agent does its part with. */
export interface Means {
  readonly effects: Effects;
  /** Of the agents' code: from the second on it does more where a program has a change. */
  readonly release: number;
  /** Takes as long as it says, or less when it is aborted. */
  readonly work: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

/** Does one task of a program. */
export class Interpreter {
  readonly #name: string;

  constructor(
    private readonly assignment: Assignment,
    private readonly context: TaskContext,
    private readonly means: Means,
  ) {
    this.#name = assignment.name;
  }

  async run(): Promise<Answer> {
    const { body, handoff } = this.assignment.task;
    const value = await this.#do(body);
    if (!handoff) return { value: JSON.stringify(value) };
    return this.context.handoff(roles[handoff.role].run, { name: this.#name, task: handoff });
  }

  async #do(part: Part): Promise<Value> {
    switch (part.kind) {
      case 'sequence':
        return this.#inTurn(part.parts);
      case 'all':
        return this.#all(part);
      case 'settled':
        return Promise.all(part.parts.map((each) => this.#do(each).catch(caught)));
      case 'race':
        return this.#race(part);
      case 'call':
        return valueIn(await this.#call(part));
      case 'attempt':
        return this.#attempt(part);
      case 'failure':
        return this.#fail(part);
      default:
        await this.#leaf(part);
        return valueOf(part);
    }
  }

  #leaf(part: Exclude<Runner, Call> | Act | Count | Change | Savepoint) {
    const { context } = this;
    switch (part.kind) {
      case 'step':
        return this.#step(part);
      case 'act':
        return this.#act(part);
      case 'sleep':
        return context.sleep(part.ms);
      case 'wait':
        return this.#wait(part);
      case 'count':
        return this.#count(part);
      case 'savepoint':
        return context.savepoint(`savepoint-${part.id}`);
      case 'change':
        return this.#change(part);
    }
  }

  #step({ id, workMs }: Step): Promise<void> {
    return this.context.step(`step-${id}`, async ({ signal }) => {
      await this.means.work(workMs, signal);
    });
  }

  #act({ key, provider, reverse }: Act): Promise<Receipt> {
    const use = { key: actReference(this.#name, key), input: { name: this.#name, key } };
    return this.context.effect(this.means.effects.of(provider, reverse), use);
  }

  #wait({ signal }: Wait): Promise<unknown> {
    const { signals } = workflowNamed(this.context.workflow.type);
    return this.context.signal(signals[signal]);
  }

  #count({ by, amount }: Count): Promise<void> {
    const state = this.context.state(workflowNamed(this.context.workflow.type));
    if (by === 'merge') return state.merge({ merged: amount });
    return state.update('updated', (before) => (before ?? 0) + amount);
  }

  async #change({ id }: Change): Promise<void> {
    if (this.means.release < 2 || !(await this.context.patched(`change-${id}`))) return;
    await this.context.step(`changed-${id}`, () => undefined);
  }

  async #fail({ id, by }: Failure): Promise<never> {
    const refusal = failureText(id);
    if (by === 'step') await this.context.step(`step-${id}`, () => refuse(refusal));
    if (by === 'refusal') await this.#refused(`refused-${id}`, refusal);
    return refuse(refusal);
  }

  #refused(key: string, refusal: string): Promise<Receipt> {
    const use = { key: actReference(this.#name, key), input: { name: this.#name, key, refusal } };
    return this.context.effect(this.means.effects.plain, use);
  }

  async #inTurn(parts: readonly Part[]): Promise<Value> {
    const values: Value[] = [];
    for (const part of parts) values.push(await this.#do(part));
    return values;
  }

  /** Calls alone are waited for as a group: their task wakes once. */
  async #all({ parts }: Concurrent): Promise<Value> {
    if (!parts.every((part) => part.kind === 'call'))
      return Promise.all(parts.map((part) => this.#do(part)));
    const answers = await this.context.all(parts.map((part) => this.#call(part)));
    return answers.map(valueIn);
  }

  async #race({ parts, cancels }: Race): Promise<Value> {
    const calls: Promise<Answer>[] = [];
    const running = parts.map((part) => {
      if (part.kind !== 'call') return this.#do(part);
      const call = this.#call(part);
      calls.push(call);
      return call.then(valueIn);
    });
    const first = await Promise.race(running);
    if (cancels) for (const call of calls) this.context.cancel(call, 'another was first');
    return first;
  }

  async #attempt({ body, otherwise }: Attempt): Promise<Value> {
    const tried = await this.#do(body).then(
      (value) => ({ value }),
      (error: unknown) => ({ failure: caught(error) }),
    );
    return 'value' in tried ? tried.value : [tried.failure, await this.#do(otherwise)];
  }

  #call({ task }: Call): Promise<Answer> {
    return this.context.call(roles[task.role].run, { name: this.#name, task });
  }
}

const valueIn = ({ value }: Answer): Value => JSON.parse(value) as Value;

function refuse(text: string): never {
  throw new Rejected(text);
}

/** What to say of a failure of the program. @throws the error when it is none */
function caught(error: unknown): string {
  const id = isExpected(error) ? failureIn(error.message) : undefined;
  if (id === undefined) throw error;
  return `caught ${id}`;
}

const isExpected = (error: unknown): error is Error =>
  [Rejected, StepFailedForGood, EffectRejected, CallFailed].some((type) => error instanceof type);
