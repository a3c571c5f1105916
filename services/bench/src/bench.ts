import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fsync, type LabProps, openLab } from './lab.js';
import { MEASUREMENTS } from './measurements/all.js';
import type { Extent, Lab, Measurement } from './measurements/measurement.js';
import type { Options } from './options.js';
import type { Row } from './report/row.js';
import { line } from './report/table.js';

export interface Section {
  readonly fsync: Fsync;
  readonly rows: readonly Row[];
  /** What rows cannot hold, by the name of the measurement. */
  readonly details: Readonly<Record<string, object>>;
}

const FULL: Omit<Extent, 'soakMs'> = {
  ...{ rounds: 5, windowMs: 3000, warmUpMs: 3000 },
  ...{ bareRequests: 100_000, jobs: 5000, jobsBefore: 2500, replayed: 10_000 },
};
const QUICK: Omit<Extent, 'soakMs'> = {
  ...{ rounds: 3, windowMs: 700, warmUpMs: 1000 },
  ...{ bareRequests: 20_000, jobs: 1000, jobsBefore: 2500, replayed: 10_000 },
};

/**
 * Runs the measurements that were asked for, each with a Redis and processes of its own.
 *
 * @param signal - ends it early, and in good order
 * @throws RangeError when no measurement has such a name
 */
export async function bench(
  { quick, only = '', fsync, minutes }: Omit<Options, 'out'>,
  signal: AbortSignal,
): Promise<Section[]> {
  const wanted = MEASUREMENTS.filter(({ id, isExtra }) =>
    isExtra ? id === only : id.includes(only),
  );
  if (wanted.length === 0) throw new RangeError(`no measurement has "${only}" in its name`);
  const extent = { ...(quick ? QUICK : FULL), soakMs: minutes * 60_000 };
  const sections: Section[] = [];
  for (const each of fsync ? [fsync] : durabilitiesOf(wanted)) {
    const rows: Row[] = [];
    const details: Record<string, object> = {};
    for (const measurement of wanted) {
      console.error(`${each} ${measurement.id} …`);
      const keep: Lab['keep'] = (told) => (details[measurement.id] = told);
      const found = await measured(measurement, { fsync: each, extent, signal, keep });
      for (const row of found) console.error(`  ${line(row)}`);
      rows.push(...found);
    }
    sections.push({ fsync: each, rows, details });
  }
  return sections;
}

/** One that runs alone says nothing about durability. */
const durabilitiesOf = (wanted: readonly Measurement[]): readonly Fsync[] =>
  wanted.every(({ isExtra }) => isExtra) ? ['everysec'] : ['everysec', 'always'];

async function measured(measurement: Measurement, props: Omit<LabProps, 'logs'>): Promise<Row[]> {
  const logs = await mkdtemp(join(tmpdir(), 'lockstep-bench-'));
  try {
    await using lab = await openLab({ ...props, logs });
    const rows = await measurement.run(lab);
    await rm(logs, { recursive: true });
    return rows;
  } catch (cause) {
    if (props.signal.aborted) await rm(logs, { recursive: true });
    throw new Error(`${measurement.id} failed; what its processes said is in ${logs}`, { cause });
  }
}
