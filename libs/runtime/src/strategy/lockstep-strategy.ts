// Nest's side of a worker: what is registered with @Task becomes the worker's handlers.
//
//   N1. A handler's outcome is known before its task is released: handlers are message handlers, whose
//       observable Nest leaves to us, and it is awaited. (Of an event handler it would swallow the error.)
//   N2. What a handler threw arrives unchanged (see PassThroughFilter).
//   N3. Nest closes the strategy before it ends connections, so the worker can still hand back its tasks.

import type { AnyRole } from '@lockstep/contracts';
import { inWork, type Work } from '@lockstep/host';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { InvalidAgent } from '../agent/agents.js';
import { patternOf, type TaskExtras } from '../agent/task.decorator.js';
import type { TaskContext } from '../context/task-context.js';
import type { TaskHandler } from '../worker/claimed-task.js';

/** What runs tasks once it knows their handlers. */
export interface TaskWorker {
  start(handlers: ReadonlyMap<string, TaskHandler>): Promise<void>;
  /** Takes no more work, and hands back what it holds. */
  stop(): Promise<void>;
}

export class LockstepStrategy extends Server implements CustomTransportStrategy {
  private readonly tasks = new Map<string, TaskHandler>();

  constructor(
    private readonly role: AnyRole,
    private readonly worker: TaskWorker,
    /** Tasks of the role that are not in its contract. */
    private readonly builtIn: readonly TaskHandler[] = [],
  ) {
    super();
  }

  /** @throws InvalidAgent for a handler without @Task, or a second one of the same task */
  override addHandler(
    pattern: unknown,
    handler: MessageHandler,
    _isEventHandler?: boolean,
    extras: Record<string, unknown> = {},
  ): void {
    const { contract, options } = extras as Partial<TaskExtras>;
    if (!contract || !options)
      throw new InvalidAgent(`${String(pattern)} is not handled by a @Task`);
    const name = patternOf(contract);
    if (this.tasks.has(name)) throw new InvalidAgent(`${name} has two methods with its @Task`);
    const call: TaskHandler['invoke'] = (request, context) =>
      inWork(workOf(this.role, context), () => invoke(handler, request, context));
    this.tasks.set(name, { contract, options, invoke: call });
  }

  listen(callback: (error?: unknown) => void): void {
    this.begin().then(() => {
      callback();
    }, callback);
  }

  close(): Promise<void> {
    return this.worker.stop();
  }

  on(): never {
    throw new InvalidAgent('the transport of an agent has no events');
  }

  unwrap(): never {
    throw new InvalidAgent('the transport of an agent has no server behind it');
  }

  private async begin(): Promise<void> {
    checkHandlers(this.role, [...this.tasks.keys()]);
    const all = [...this.tasks.values(), ...this.builtIn];
    const byName = all.map((task) => [task.contract.name, task] as const);
    await this.worker.start(new Map(byName));
  }
}

const workOf = ({ name }: AnyRole, { id, workflow }: TaskContext): Work => ({
  workflow: workflow.id,
  task: id,
  role: name,
});

async function invoke(
  handler: MessageHandler,
  request: unknown,
  context: unknown,
): Promise<unknown> {
  const result: unknown = await handler(request, context);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result; // N1
}

/** @throws InvalidAgent unless each task of the role has its handler, and no other has one */
function checkHandlers(role: AnyRole, handled: readonly string[]): void {
  const declared = Object.values(role.tasks).map(patternOf);
  const missing = declared.filter((pattern) => !handled.includes(pattern));
  const foreign = handled.filter((pattern) => !declared.includes(pattern));
  if (missing.length === 0 && foreign.length === 0) return;
  const wrong = [
    ...missing.map((pattern) => `${pattern} has no method with its @Task`),
    ...foreign.map((pattern) => `${pattern} is not a task of this role`),
  ];
  throw new InvalidAgent(`the agent of ${role.inbox} does not fit its role: ${wrong.join('; ')}`, {
    role: role.inbox,
    missing,
    foreign,
  });
}
