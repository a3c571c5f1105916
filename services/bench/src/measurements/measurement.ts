import type { RedisServer } from '@lockstep/testing';
import type { Row } from '../report/row.js';
import type { Setup, Subject, System } from '../subjects/subject.js';

/** How long and how often. */
export interface Extent {
  /** Each system has this many turns, one after the other. */
  readonly rounds: number;
  readonly windowMs: number;
  readonly warmUpMs: number;
  /** Requests of `redis-benchmark`; a tenth for one client. */
  readonly bareRequests: number;
  /** Jobs whose memory is measured. */
  readonly jobs: number;
  /** Jobs before those: they fill what has a bound, such as the stream of BullMQ's events. */
  readonly jobsBefore: number;
  /** Log entries that are replayed, at the least. */
  readonly replayed: number;
  /** How long the soak lasts. */
  readonly soakMs: number;
}

/** Everything that a measurement works with, made for it and removed after it. */
export interface Lab {
  readonly redis: RedisServer;
  readonly extent: Extent;
  /** Folder of the processes' output. */
  readonly logs: string;
  readonly signal: AbortSignal;
  /** Starts one system, to be ended by whoever asked. */
  readonly openOne: (system: System, wanted: Wanted) => Promise<Subject>;
  /** Starts both systems, and ends them with the lab. */
  readonly open: (wanted: Wanted) => Promise<Record<System, Subject>>;
  /** Takes what rows cannot hold, as JSON can: it stands beside them in the results. */
  readonly keep: (details: object) => void;
}

export type Wanted = Pick<Setup, 'kind'> &
  Partial<
    Pick<Setup, 'walk' | 'concurrency' | 'replicas' | 'keepsEnded' | 'shortLocks' | 'metrics'>
  >;

export interface Measurement {
  /** As in `steps/256`. */
  readonly id: string;
  /** Whether it only runs when its whole name is asked for: it takes long. Default false. */
  readonly isExtra?: boolean;
  run(lab: Lab): Promise<Row[]>;
}
