import {
  type AnyTask,
  type AnyWorkflow,
  encodeSignal,
  encodeStart,
  mergesOf,
} from '@lockstep/contracts';
import { canonicalJson, ROLLBACK, type WorkflowId } from '@lockstep/kernel';
import {
  digestOf,
  Partitions,
  ROOT_TASK,
  type StartPolicy,
  type StartWorkflow,
  Store,
  workflowIdOf,
} from '@lockstep/store';
import { workflows } from '../../programs/contracts.js';
import { type Program, type SignalName, signalsOf } from '../../programs/program.js';
import type { Network } from '../store/network.js';
import type { Actor } from '../time/actor.js';

const TENANT = 'chaos';

/** Starts a program and sends it its signals, each when it likes to. */
export class SimulatedClient {
  readonly wf: WorkflowId;
  readonly #store: Store;
  readonly #workflow: AnyWorkflow;

  constructor(
    private readonly actor: Actor,
    network: Network,
    readonly name: string,
    readonly program: Program,
  ) {
    this.wf = workflowIdOf(TENANT, name);
    this.#store = new Store(network.connect(actor).client, new Partitions(1));
    this.#workflow = workflows[program.policy];
  }

  start(): void {
    void this.actor.run(() => this.#run());
  }

  async #run(): Promise<void> {
    await this.#store.start(this.#beginning());
    for (const name of signalsOf(this.program)) {
      const afterMs = this.actor.random() * MOST_WAIT_MS;
      setTimeout(() => void this.#signal(name), afterMs);
    }
  }

  #beginning(): StartWorkflow {
    const { wf, name } = this;
    const { type, root, limits, version } = this.#workflow;
    const { onFailure, afterRollback } = this.#workflow.policy;
    const request = encodeStart(this.#workflow, { name, task: this.program.root });
    const { role, major, name: task, inbox } = root;
    const merges = Object.fromEntries(mergesOf(this.#workflow.state));
    return {
      ...{ wf, tenant: TENANT, type, root: ROOT_TASK, inbox, limits, request: request.body },
      digest: digestOf(canonicalJson([type, name])),
      started: { type, version, tenant: TENANT, root: ROOT_TASK, onFailure, merges },
      scheduled: { role, major, name: task, version: request.version, by: null, returnTo: null },
      policy: { onFailure, escalate: null, after: afterRollback && afterOf(afterRollback) },
    };
  }

  async #signal(name: SignalName): Promise<void> {
    const { signals } = workflows[this.program.policy];
    const { version, body } = encodeSignal(signals[name], undefined);
    const [{ wf }, id] = [this, `signal-${name}`];
    await this.#store.signal({ wf, id, name, meta: { name, id, version }, payload: body });
  }
}

/** Longest time until a signal is sent: before anybody waits for it, or long after. Unit ms. */
const MOST_WAIT_MS = 3000;

function afterOf({ role, major, name, version, inbox }: AnyTask): StartPolicy['after'] {
  const returnTo = { task: ROLLBACK, op: 0 };
  return { inbox, scheduled: { role, major, name, version, by: null, returnTo } };
}
