import {
  type Call,
  type Crossing,
  type Fate,
  HttpCalls,
  RedisCalls,
  type ServiceProcess,
} from '@lockstep/testing';
import type { Stage } from '../processes/stage.js';
import type { Aim, Caller } from './aim.js';

export interface MemberSpec {
  /** As in `desk`. */
  readonly role: string;
  /** Name of the module that it runs. */
  readonly module: string;
  readonly lane: string;
  readonly shopPort: number;
}

export interface Around {
  /** Of the run that goes on at the time of a call. */
  readonly aim: () => Aim;
  readonly onKilled: () => void;
}

/** A process of the team, every call of which goes through this one. */
export class Member implements Caller, Crossing, AsyncDisposable {
  readonly role: string;
  isKilled = false;
  private process: ServiceProcess | undefined;
  private ways: readonly AsyncDisposable[] = [];
  private watched = false;

  private constructor(
    private readonly stage: Stage,
    private readonly spec: MemberSpec,
    private readonly around: Around,
  ) {
    this.role = spec.role;
  }

  /** Starts it, and waits until it takes work. */
  static async start(stage: Stage, spec: MemberSpec, around: Around): Promise<Member> {
    const member = new Member(stage, spec, around);
    await member.start();
    return member;
  }

  leaves(call: Call): Fate {
    return this.process ? this.around.aim().leaves(call, this) : 'passed';
  }

  returns(call: Call, isEmpty: boolean): Fate {
    return this.process ? this.around.aim().returns(call, isEmpty, this) : 'passed';
  }

  kill(): void {
    this.isKilled = true;
    this.process?.signal('SIGKILL');
    this.around.onKilled();
  }

  /** Waits until what an earlier run made it do again is done, and its death would be noticed at once. */
  async isReady(): Promise<void> {
    const process = this.process!;
    await this.stage.until(`${this.role} is ready`, () => process.isReady());
    if (!this.watched) await this.stage.watched(process);
    this.watched = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process?.[Symbol.asyncDispose]();
    await Promise.all(this.ways.map((way) => way[Symbol.asyncDispose]()));
  }

  private async start(): Promise<void> {
    const { module, lane, shopPort } = this.spec;
    const redis = await RedisCalls.to(this.stage.server.port, this);
    const shop = await HttpCalls.to(shopPort, this);
    this.ways = [redis, shop];
    this.process = await this.stage.agent(module, {
      LOCKSTEP_REDIS_URL: `redis://127.0.0.1:${redis.port}`,
      LOCKSTEP_SHOP_URL: `http://127.0.0.1:${shop.port}`,
      LOCKSTEP_LANE: lane,
    });
  }
}
