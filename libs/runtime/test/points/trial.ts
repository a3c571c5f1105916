import type { Job } from './job.js';
import type { Lane, Run } from './lane.js';
import { type Moment, nameOf, type Point } from './point.js';
import { type Part, Points } from './points.js';

/** A point that no run comes to. */
const NOWHERE: Point = { moment: 'killed before', call: 'nobody nothing', nth: 1 };

export interface Trial {
  readonly job: Job;
  readonly lanes: readonly Lane[];
  readonly moments: readonly Moment[];
  /** What is wrong with a run. */
  readonly judge: (run: Run) => readonly string[];
  /** What every run goes through before its point. */
  readonly first?: readonly Point[];
  /** Default all. */
  readonly part?: Part | undefined;
}

export interface Tried {
  /** What went wrong, as `<point>: <fault>`. */
  readonly faults: readonly string[];
  /** Calls at which a run was struck. */
  readonly calls: ReadonlySet<string>;
}

/** Runs a job once for each point. */
export async function tryAll({
  job,
  lanes,
  moments,
  judge,
  first = [],
  part,
}: Trial): Promise<Tried> {
  const points = new Points(moments, part);
  const faults: string[] = [];
  points.found((await lanes[0]!.run(job, ...first, NOWHERE)).calls);
  const tryOn = async (lane: Lane): Promise<void> => {
    for (let point = points.next(); point; point = points.next()) {
      const run = await lane.run(job, ...first, point);
      points.found(run.calls);
      points.ended(point, run.wasReached);
      const what = nameOf(point);
      faults.push(...judge(run).map((fault) => `${what}: ${fault}`));
    }
  };
  await Promise.all(lanes.map(tryOn));
  const what = [...first.map(nameOf), moments.join(' or ')].join(', then ');
  process.stderr.write(`${what}: ${points.count} points\n`);
  return { faults, calls: points.calls };
}
