import { quantile } from 'simple-statistics';
import type { JobKind } from '../jobs/jobs.js';
import { rowOf } from '../report/row.js';
import { bareWrites } from '../subjects/bare.js';
import type { System } from '../subjects/subject.js';
import { inTurn } from './in-turn.js';
import type { Measurement } from './measurement.js';

interface LatencyProps {
  readonly id: string;
  readonly kind: JobKind;
  /** Writes that a job needs one after the other, at the least. */
  readonly writes: number;
}

/** How long a job takes when it is alone: from before its start until the driver knows of its end. */
export const latency = ({ id, kind, writes }: LatencyProps): Measurement => ({
  id,
  async run({ redis, extent, signal, open }) {
    const subjects = await open({ kind });
    await inTurn(1, subjects, ({ driver }) => driver.oneAtATime(extent.warmUpMs));
    const taken = await inTurn(extent.rounds, subjects, ({ driver }) =>
      driver.oneAtATime(extent.windowMs),
    );
    const requests = extent.bareRequests / 10;
    const write = await bareWrites(redis, { clients: 1, pipeline: 1, requests }, signal);
    const bare = { value: writes * write.medianMs, command: write.command, writesAUnit: writes };
    const row = (figure: string, p: number) =>
      rowOf(
        { measurement: id, figure, unit: 'ms', better: 'less', bare: p === 0.5 ? bare : null },
        quantiles(taken, p),
      );
    return [row('one at a time, median', 0.5), row('one at a time, p99', 0.99)];
  },
});

const quantiles = (taken: Record<System, number[][]>, p: number): Record<System, number[]> => ({
  lockstep: taken.lockstep.map((durations) => quantile(durations, p)),
  bullmq: taken.bullmq.map((durations) => quantile(durations, p)),
});
