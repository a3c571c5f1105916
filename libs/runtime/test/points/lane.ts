import { foldState, mergesOfLog, type RecordedEvent, type WorkflowId } from '@lockstep/kernel';
import { digestOf } from '@lockstep/retail/shop';
import type { WorkflowStatus } from '@lockstep/store';
import type { Stage } from '../processes/stage.js';
import { Aim } from './aim.js';
import { Member } from './member.js';
import type { Left, Outside } from './outside.js';
import { CAST, type Job } from './job.js';
import { leftoversOf } from './leftovers.js';
import { nameOf, type Point } from './point.js';

/** What became of one run of the job. */
export interface Run {
  /** Whether it came to its last point. */
  readonly wasReached: boolean;
  /** The calls of its processes, from the last but one point to the last. */
  readonly calls: readonly string[];
  /** Of the workflow's result and shared state, its database's name left out. */
  readonly digest: string;
  readonly events: readonly RecordedEvent[];
  readonly outside: Left;
  /** What of it is still in the store that nobody needs any more. */
  readonly leftovers: readonly string[];
}

/** A team that does one job at a time. A process that is killed is followed by a fresh one. */
export class Lane implements AsyncDisposable {
  private readonly members: Promise<Member>[];
  private readonly gone: Promise<Member>[] = [];
  private aim = new Aim([]);
  private runs = 0;

  constructor(
    private readonly name: string,
    private readonly stage: Stage,
    private readonly outside: Outside,
    private readonly cast = CAST,
  ) {
    this.members = cast.map((_, at) => this.start(at));
  }

  /** Runs the job and strikes at these points, one after the other. @throws Error when the job does not end */
  async run(job: Job, ...points: Point[]): Promise<Run> {
    const members = await Promise.all(this.members);
    await Promise.all(members.map((member) => member.isReady()));
    this.runs += 1;
    const database = `lane-${this.name}-${this.runs}`;
    const aim = new Aim(points);
    const wf = await this.begin(job, database, aim);
    const what = points.map(nameOf).join(', then ') || 'undisturbed';
    const events = await this.end(wf, job.status, aim, what);
    this.aim = new Aim([]); // a point that it did not come to strikes nobody who is awaited for the next run
    return {
      wasReached: aim.isDone,
      calls: [...aim.counts.keys()],
      digest: digestOf(JSON.parse(outcomeOf(events).replaceAll(database, 'database'))),
      events,
      outside: await this.outside.left(database),
      leftovers: await leftoversOf(this.stage, wf, this.inboxes),
    };
  }

  private get inboxes(): readonly string[] {
    return this.cast.map(({ role }) => `${role}-${this.name}@1`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const all = await Promise.allSettled([...this.members, ...this.gone]);
    const members = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.all(members.map((member) => member[Symbol.asyncDispose]()));
  }

  private async begin(job: Job, database: string, aim: Aim): Promise<WorkflowId> {
    const { stage, outside } = this;
    this.aim = job.before ? new Aim([]) : aim;
    const wf = await stage.begin(job.workflow(this.name), database, job.request(database));
    const run = { stage, outside, wf, database };
    await job.before?.(run);
    this.aim = aim;
    await job.sendOn?.(run);
    return wf;
  }

  private async end(
    wf: WorkflowId,
    status: WorkflowStatus,
    aim: Aim,
    what: string,
  ): Promise<readonly RecordedEvent[]> {
    const { stage } = this;
    const hasEnded = async (): Promise<boolean> =>
      (await stage.hasStatus(wf, status)) && aim.isQuiet;
    await stage.until(`the job ends, ${what}`, hasEnded, [wf]);
    return stage.events(wf);
  }

  private start(at: number): Promise<Member> {
    const spec = { ...this.cast[at]!, lane: this.name, shopPort: this.outside.port };
    const replace = (): void => {
      this.gone.push(this.members[at]!);
      this.members[at] = this.start(at);
    };
    const starting = Member.start(this.stage, spec, { aim: () => this.aim, onKilled: replace });
    starting.catch(() => undefined); // whoever needs it hears of it
    return starting;
  }
}

/** The result and the shared state of a workflow. */
function outcomeOf(events: readonly RecordedEvent[]): string {
  const result = events.findLast(({ type }) => type === 'TaskCompleted')?.data ?? 'null';
  return `{"result":${result},"state":${JSON.stringify(foldState(mergesOfLog(events), events))}}`;
}
