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
import type { CallOff } from '../../programs/call-off.js';
import { workflows } from '../../programs/contracts.js';
import { type Program, type SignalName, signalsOf } from '../../programs/program.js';
import type { Network } from '../store/network.js';
import type { Actor } from '../time/actor.js';

const TENANT = 'chaos';

interface Errand {
  readonly name: string;
  readonly program: Program;
  readonly callOff: CallOff | undefined;
}

/** Starts a program, sends it its signals, each when it likes to, and may call it off. */
export class SimulatedClient {
  readonly wf: WorkflowId;
  readonly name: string;
  readonly program: Program;
  readonly #store: Store;
  readonly #workflow: AnyWorkflow;
  readonly #callOff: CallOff | undefined;
  #isHeard: boolean;

  constructor(
    private readonly actor: Actor,
    network: Network,
    { name, program, callOff }: Errand,
  ) {
    this.name = name;
    this.program = program;
    this.#callOff = callOff;
    this.#isHeard = callOff === undefined;
    this.wf = workflowIdOf(TENANT, name);
    this.#store = new Store(network.connect(actor).client, new Partitions(1));
    this.#workflow = workflows[program.policy];
  }

  /** Whether it wants nothing any more that could change the end. */
  get isHeard(): boolean {
    return this.#isHeard;
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
    const how = this.#callOff;
    if (how) setTimeout(() => void this.#end(how), this.actor.random() * MOST_WAIT_MS);
  }

  async #end(how: CallOff): Promise<void> {
    const end = { wf: this.wf, commandId: 'call-off', reason: 'no longer wanted', by: 'ann' };
    if (how === 'roll back') await this.#store.rollback({ ...end, to: 0 });
    else await this.#store.cancel({ ...end, rollback: how === 'cancel and undo' });
    this.#isHeard = true;
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

/** Longest time until a signal is sent: before anybody waits for it, or long after; and until it is called off. Unit ms. */
const MOST_WAIT_MS = 3000;

function afterOf({ role, major, name, version, inbox }: AnyTask): StartPolicy['after'] {
  const returnTo = { task: ROLLBACK, op: 0 };
  return { inbox, scheduled: { role, major, name, version, by: null, returnTo } };
}
