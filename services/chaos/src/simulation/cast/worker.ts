import { AgentConfig, type AnyEffect, type TaskHandlerOptions } from '@lockstep/runtime';
import { openWorker, undoTask, type Worker, type WorkerHost } from '@lockstep/runtime/worker';
import type { RolledBack } from '@lockstep/contracts';
import { tell, undo } from '../../programs/afterwards.js';
import { type Assignment, type Receipt, roles } from '../../programs/contracts.js';
import { Interpreter, type Means } from '../../programs/interpreter.js';
import type { RoleName } from '../../programs/program.js';
import type { Actor } from '../time/actor.js';
import type { Network } from '../store/network.js';
import { SILENT_METRICS } from './silent-metrics.js';

type Handlers = Parameters<Worker['start']>[0];
type Handler = Handlers extends ReadonlyMap<string, infer Each> ? Each : never;

const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

/** How long an attempt of a task may take: a worker that hangs in one loses it. */
const OPTIONS: TaskHandlerOptions = { timeoutMs: 60_000 };

/** A worker of a role: the runtime's own, in a process of the simulation. */
export class SimulatedWorker {
  /** As it is registered in the store; empty until it is. */
  id = '';
  #worker: Worker | undefined;

  constructor(
    readonly role: RoleName,
    readonly actor: Actor,
    private readonly network: Network,
    private readonly means: Means,
  ) {}

  start(settings: Partial<AgentConfig>): void {
    this.actor.run(() => {
      const effects = new Map(this.means.effects.all.map((each) => [each.action, each]));
      this.#worker = openWorker(roles[this.role], this.#host(settings, effects));
      this.#worker.start(this.#handlers(effects)).catch(nothing);
    });
  }

  /** Ends in good order. @param ended - called when it has */
  stop(ended: () => void): void {
    this.actor.receive(() => {
      const stopping = this.actor.run(() => this.#worker?.stop());
      void stopping?.then(ended, ended);
    });
  }

  #host(settings: Partial<AgentConfig>, effects: ReadonlyMap<string, AnyEffect>): WorkerHost {
    const connect = (name?: string) => {
      this.id = name?.slice('ls:'.length) ?? this.id;
      return this.network.connect(this.actor).client;
    };
    return {
      config: Object.assign(new AgentConfig(), { partitions: 1 }, settings),
      metrics: SILENT_METRICS,
      logger: SILENT,
      connections: { connect, connectLoop: () => connect() },
      loops: { watch: () => nothing },
      effects,
    };
  }

  #handlers(effects: ReadonlyMap<string, AnyEffect>): Handlers {
    const { role, means } = this;
    const contracts = roles[role];
    const handlers: Handler[] = [
      {
        ...{ contract: contracts.run, options: OPTIONS },
        invoke: (request, context) => new Interpreter(request as Assignment, context, means).run(),
      },
      {
        ...{ contract: contracts.undo, options: OPTIONS },
        invoke: (request, context) => undo(request as Receipt, context, means.effects),
      },
      {
        ...{ contract: contracts.tell, options: OPTIONS },
        invoke: (request, context) => tell(request as RolledBack, context, means.effects),
      },
      undoTask(contracts, effects),
    ];
    return new Map(handlers.map((handler) => [handler.contract.name, handler]));
  }
}

function nothing(): void {}
