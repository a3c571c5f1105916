import { mkdir } from 'node:fs/promises';
import { startRedis } from '@lockstep/testing';
import { WALK } from './jobs/jobs.js';
import type { Extent, Lab, Wanted } from './measurements/measurement.js';
import { openBullmq } from './subjects/bullmq.js';
import { openLockstep } from './subjects/lockstep.js';
import type { Setup, Subject, System } from './subjects/subject.js';

export type Fsync = 'everysec' | 'always';

interface LabProps {
  readonly fsync: Fsync;
  readonly extent: Extent;
  /** Folder of the processes' output. */
  readonly logs: string;
  readonly signal: AbortSignal;
}

/** Opens a lab with a Redis of its own; what is opened in it ends with it. */
export async function openLab({
  fsync,
  extent,
  logs,
  signal,
}: LabProps): Promise<Lab & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  await mkdir(logs, { recursive: true });
  const redis = stack.use(await startRedis({ appendfsync: fsync }));
  const opened = stack.move();
  return {
    ...{ redis, extent, signal },
    async open(wanted: Wanted): Promise<Record<System, Subject>> {
      signal.throwIfAborted();
      const setup: Setup = { ...DEFAULTS, ...wanted, redis, logs, signal };
      const lockstep = opened.use(await openLockstep(setup));
      const bullmq = opened.use(await openBullmq(setup));
      return { lockstep, bullmq };
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const DEFAULTS = { walk: WALK, concurrency: 1, replicas: 1, keepsEnded: false } as const;
