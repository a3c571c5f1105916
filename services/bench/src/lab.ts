import { mkdir } from 'node:fs/promises';
import { startRedis } from '@lockstep/testing';
import { WALK } from './jobs/jobs.js';
import type { Extent, Lab, Wanted } from './measurements/measurement.js';
import { openBullmq } from './subjects/bullmq.js';
import { openLockstep } from './subjects/lockstep.js';
import type { Subject, System } from './subjects/subject.js';

export type Fsync = 'everysec' | 'always';

export interface LabProps {
  readonly fsync: Fsync;
  readonly extent: Extent;
  /** Folder of the processes' output. */
  readonly logs: string;
  readonly signal: AbortSignal;
  readonly keep: Lab['keep'];
}

const DEFAULTS = {
  ...{ walk: WALK, concurrency: 64, replicas: 1 },
  ...{ keepsEnded: false, shortLocks: false, metrics: true },
} as const;
const openers = { lockstep: openLockstep, bullmq: openBullmq };

/** Opens a lab with a Redis of its own; what is opened in it ends with it. */
export async function openLab(props: LabProps): Promise<Lab & AsyncDisposable> {
  const { fsync, extent, logs, signal, keep } = props;
  await using stack = new AsyncDisposableStack();
  await mkdir(logs, { recursive: true });
  const redis = stack.use(await startRedis({ appendfsync: fsync }));
  const opened = stack.move();
  const openOne = (system: System, wanted: Wanted): Promise<Subject> => {
    signal.throwIfAborted();
    return openers[system]({ ...DEFAULTS, ...wanted, redis, logs, signal });
  };
  return {
    ...{ redis, extent, logs, signal, keep, openOne },
    async open(wanted) {
      const both = [openOne('lockstep', wanted), openOne('bullmq', wanted)] as const;
      for (const each of await Promise.allSettled(both))
        if (each.status === 'fulfilled') opened.use(each.value);
      const [lockstep, bullmq] = await Promise.all(both);
      return { lockstep, bullmq };
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
