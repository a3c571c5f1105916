import type { WorkflowId } from '@lockstep/kernel';
import type { LoadResult } from '../driver/driver.js';
import type { JobKind } from '../jobs/jobs.js';
import { type Bare, type Row, rowOf } from '../report/row.js';
import { bareWrites } from '../subjects/bare.js';
import type { Subject, System } from '../subjects/subject.js';
import { type Costs, costRows, CpuMeter } from './costs.js';
import { inTurn } from './in-turn.js';
import type { Lab, Measurement } from './measurement.js';
import { operationEvents } from './operation-events.js';

export interface LoadProps {
  readonly id: string;
  readonly kind: JobKind;
  readonly inFlight: number;
  /** Of what is counted, as in `steps`. */
  readonly figure: string;
  /** How much of it one job is. */
  readonly aJob: number;
  /** Writes that one of it needs, at the least. */
  readonly writes: number;
  /** How many tasks or jobs of one process are under way, for each job in flight; default 1. */
  readonly tasksAJob?: number;
  /** Whether rows are made of what it costs. */
  readonly tellsCosts?: boolean;
}

interface Round {
  readonly load: LoadResult;
  readonly costs: Costs;
}

/** What passes while so many jobs are in flight. */
export const load = (props: LoadProps): Measurement => ({
  id: props.id,
  async run(lab) {
    const { kind, inFlight, tasksAJob = 1 } = props;
    const { extent } = lab;
    const subjects = await lab.open({ kind, concurrency: inFlight * tasksAJob });
    await inTurn(1, subjects, ({ driver }) => driver.load(inFlight, extent.warmUpMs));
    await using meter = new CpuMeter(lab.redis.url);
    const rounds = await inTurn(extent.rounds, subjects, (subject) =>
      oneRound(subject, meter, inFlight, extent.windowMs),
    );
    const wf = (await subjects.lockstep.driver.lastEnded()) as WorkflowId;
    const events = await operationEvents(lab.redis.url, wf);
    return [
      rateRow(props, rounds, await bareRate(lab, props)),
      rateRow({ ...props, figure: 'events', aJob: events }, { ...rounds, bullmq: [] }, null),
      ...costsOf(props, rounds),
    ];
  },
});

async function oneRound(
  subject: Subject,
  meter: CpuMeter,
  inFlight: number,
  windowMs: number,
): Promise<Round> {
  const before = await meter.read(subject);
  const load = await subject.driver.load(inFlight, windowMs);
  return { load, costs: meter.since(before, await meter.read(subject), load.total) };
}

const perSecond = ({ ended, windowMs }: LoadResult): number => (ended * 1000) / windowMs;

function rateRow(
  { id, figure, aJob }: LoadProps,
  rounds: Readonly<Record<System, readonly Round[]>>,
  bare: Bare | null,
): Row {
  const rates = (each: readonly Round[]) => each.map(({ load }) => aJob * perSecond(load));
  return rowOf(
    { measurement: id, figure, unit: 'per s', better: 'more', bare },
    { lockstep: rates(rounds.lockstep), bullmq: rates(rounds.bullmq) },
  );
}

async function bareRate({ redis, extent, signal }: Lab, props: LoadProps): Promise<Bare> {
  const { inFlight, writes } = props;
  const load = { clients: inFlight, pipeline: 1, requests: extent.bareRequests };
  const { perSecond, command } = await bareWrites(redis, load, signal);
  return { value: perSecond / writes, command, writesAUnit: writes };
}

function costsOf(
  { id, aJob, figure, tellsCosts }: LoadProps,
  rounds: Readonly<Record<System, readonly Round[]>>,
): Row[] {
  if (!tellsCosts) return [];
  const costs = (each: readonly Round[]) => each.map((round) => round.costs);
  return costRows(
    { measurement: id, aJob, unit: figure.replace(/s$/, '') },
    costs(rounds.lockstep),
    costs(rounds.bullmq),
  );
}
