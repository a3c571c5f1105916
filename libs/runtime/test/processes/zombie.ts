// Two processes of one role with one place each: one is frozen in the middle of a task, and the other finishes that task.
//
//   The other is kept busy by an errand of its own whenever only the first is to serve.

import type { WorkflowId } from '@lockstep/kernel';
import { LIBRARY } from '@lockstep/store';
import { Proxy, type ServiceProcess, type Trap } from '@lockstep/testing';
import type { Stage } from './stage.js';
import { type Env, type ErrandWorkflow } from './stage.js';
import type { Gate } from './world.js';

export interface ZombieRole {
  start(env: Env): Promise<ServiceProcess>;
  /** Work of this role that waits outside, at the step. */
  readonly errand: ErrandWorkflow;
  readonly step: string;
}

const ONE_PLACE = { LOCKSTEP_CONCURRENCY: '1' };
const SHORT_LEASE = { LOCKSTEP_LEASE_MS: '2000', LOCKSTEP_HEARTBEAT_MS: '200' };
const APPEND = `${LIBRARY}_append`;

export class Zombie implements AsyncDisposable {
  private errands = 0;

  private constructor(
    private readonly stage: Stage,
    private readonly role: ZombieRole,
    readonly proxy: Proxy,
    readonly process: ServiceProcess,
    private busy: Gate,
  ) {}

  /** @param lease - settings of the one that is frozen; default a short lease */
  static async of(stage: Stage, role: ZombieRole, lease: Env = SHORT_LEASE): Promise<Zombie> {
    const proxy = await Proxy.to(stage.server.port);
    await role.start(ONE_PLACE);
    const name = `busy-${role.step}`;
    const busy = stage.world.hold(`steps/${name}/${role.step}`);
    await stage.begin(role.errand, name);
    await busy.reached();
    const url = `redis://127.0.0.1:${proxy.port}`;
    const process = await role.start({ ...ONE_PLACE, ...lease, LOCKSTEP_REDIS_URL: url });
    return new Zombie(stage, role, proxy, process, busy);
  }

  /** Its append of that number from now on does not reach the store. */
  beforeAppend(nth: number): Trap {
    return this.proxy.holdRequests(APPEND, nth);
  }

  freezes(): void {
    this.process.signal('SIGSTOP');
  }

  /** Frozen, until the other has finished the workflow and is busy again. */
  async sleepsThrough(wf: WorkflowId): Promise<void> {
    this.freezes();
    this.busy.open();
    await this.stage.completed(wf);
    this.busy = await this.occupy();
  }

  /** Wakes it, and waits until it has let go of what it held. */
  async wakes(): Promise<void> {
    this.proxy.letGo();
    this.process.signal('SIGCONT');
    const letsGo = async (): Promise<boolean> =>
      (await this.process.metric('lockstep_tasks_held')) === 0;
    await this.stage.until('the zombie lets go', letsGo);
  }

  /** Wakes it once the store has refused the append that was held. */
  async wakesRefused(): Promise<void> {
    const refused = this.proxy.watchAnswers('fenced');
    this.proxy.letGo();
    await refused.sprung();
    await this.wakes();
  }

  /** An errand that nobody but the zombie is free for. */
  async worksAgain(): Promise<WorkflowId> {
    const wf = await this.stage.begin(this.role.errand, this.nextErrand('fresh'));
    await this.stage.completed(wf);
    return wf;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.proxy[Symbol.asyncDispose]();
  }

  /** The only one of the role that is awake gets it. */
  private async occupy(): Promise<Gate> {
    const name = this.nextErrand('busy');
    const gate = this.stage.world.hold(`steps/${name}/${this.role.step}`);
    await this.stage.begin(this.role.errand, name);
    await gate.reached();
    return gate;
  }

  private nextErrand(what: string): string {
    this.errands += 1;
    return `${what}-${this.role.step}-${this.errands}`;
  }
}
