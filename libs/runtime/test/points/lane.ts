import { foldState, mergesOfLog, type RecordedEvent } from '@lockstep/kernel';
import { digestOf } from '@lockstep/retail/shop';
import type { Stage } from '../processes/stage.js';
import { Aim } from './aim.js';
import { Member } from './member.js';
import type { Left, Outside } from './outside.js';
import { nameOf, type Point } from './point.js';
import { teamOf, type Wish } from './team/contracts.js';

/** What became of one run of the job. */
export interface Run {
  readonly wasReached: boolean;
  /** The calls of its processes, up to the point. */
  readonly calls: readonly string[];
  /** Of the workflow's result and shared state, its database's name left out. */
  readonly digest: string;
  readonly events: readonly RecordedEvent[];
  readonly outside: Left;
}

const ROLES = ['desk', 'clerk'] as const;
type Role = (typeof ROLES)[number];

/** One process of each role, which do one job at a time. A process that is killed is followed by a fresh one. */
export class Lane implements AsyncDisposable {
  private readonly members = new Map<Role, Promise<Member>>();
  private readonly gone: Promise<Member>[] = [];
  private aim = new Aim(null);
  private runs = 0;

  /** @param clerk - the module of that role; default that which keeps the rules */
  constructor(
    private readonly name: string,
    private readonly stage: Stage,
    private readonly outside: Outside,
    private readonly clerk = 'clerk',
  ) {
    for (const role of ROLES) this.start(role);
  }

  /** Runs the job and strikes at the point; nowhere when it is null. @throws Error when the job does not end */
  async run(point: Point | null): Promise<Run> {
    const members = await Promise.all(this.members.values());
    await Promise.all(members.map((member) => member.isReady()));
    this.runs += 1;
    const database = `lane-${this.name}-${this.runs}`;
    const aim = (this.aim = new Aim(point));
    const events = await this.work(database, aim, point ? nameOf(point) : 'undisturbed');
    return {
      wasReached: aim.wasReached,
      calls: [...aim.counts.keys()],
      digest: digestOf(JSON.parse(outcomeOf(events).replaceAll(database, 'database'))),
      events,
      outside: await this.outside.left(database),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = await Promise.allSettled([...this.members.values(), ...this.gone]);
    const members = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.all(members.map((member) => member[Symbol.asyncDispose]()));
  }

  private async work(database: string, aim: Aim, what: string): Promise<readonly RecordedEvent[]> {
    const { stage } = this;
    const wish: Wish = { database, userId: 'mei_tanaka_1054', orderId: '#W9573595' };
    const wf = await stage.begin(teamOf(this.name).cancelling, database, wish);
    const ended = async (): Promise<boolean> => (await stage.isCompleted(wf)) && aim.isQuiet;
    await stage.until(`the job ends, ${what}`, ended, [wf]);
    return stage.events(wf);
  }

  private start(role: Role): void {
    const module = role === 'clerk' ? this.clerk : role;
    const spec = { role, module, lane: this.name, shopPort: this.outside.port };
    const around = { aim: () => this.aim, onKilled: () => this.replace(role) };
    const starting = Member.start(this.stage, spec, around);
    starting.catch(() => undefined); // whoever needs it hears of it
    this.members.set(role, starting);
  }

  private replace(role: Role): void {
    this.gone.push(this.members.get(role)!);
    this.start(role);
  }
}

/** The result and the shared state of a workflow. */
function outcomeOf(events: readonly RecordedEvent[]): string {
  const result = events.findLast(({ type }) => type === 'TaskCompleted')?.data ?? 'null';
  return `{"result":${result},"state":${JSON.stringify(foldState(mergesOfLog(events), events))}}`;
}
