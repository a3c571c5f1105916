// Keeps work from going round for ever: looks at each call and handoff before it is recorded.
//
//   V1. Whether it may be a livelock is told by what the task knows of itself: its id, which has a part for each hop, and
//       the marks of what the tasks above it were asked. Only then is the log read, and the log decides.
//   V2. While it is read nothing is delivered to the handler, and the task is not suspended.
//   V3. What has been recorded is not looked at again: a replay takes the same way.

import { crc32 } from 'node:zlib';
import { LockstepError } from '@lockstep/contracts';
import {
  type EventMeta,
  findLivelock,
  type Hop,
  type Livelock as Found,
  type NewEvent,
  SAME_ASKED,
  type TaskId,
} from '@lockstep/kernel';
import { digestOf } from '@lockstep/store';
import type { ClaimedTask } from '../worker/claimed-task.js';
import { scheduledOf } from './ending.js';
import type { WorkflowHistory } from './workflow-history.js';

/** Marks that a task carries; a circle that is longer than half of it is found by its hops. */
const MOST_MARKS = 64;
const DIGEST_SHOWN = 12;

/** Agents hand work round without progress: a person decides whether it goes on. */
export class Livelock extends LockstepError {
  readonly code = 'Livelock';
  readonly kind = 'permanent';

  constructor({ why, hops, way }: Found, asked: NewEvent) {
    const shown = [...way.map(shownHop), shownHop(hopOf(asked))];
    const round = shown.map(({ task, asked: what }) => `${task} ${what}`).join(' → ');
    super(
      why === 'circle'
        ? `the same is asked again and again, and nothing comes of it: ${round}`
        : `work was passed on ${hops} times and has not come to an end; the last were ${round}`,
      { why, hops, way: shown },
    );
  }
}

export class LivelockGuard {
  private ownMarks: readonly number[] | undefined;

  constructor(
    private readonly claimed: Pick<ClaimedTask, 'task' | 'history'>,
    private readonly history: () => Pick<WorkflowHistory, 'latest'>,
    private readonly maxHops: number,
  ) {}

  /** What the tasks that this one asks for carry: a mark for each task above them, the root's first. */
  get marks(): readonly number[] {
    this.ownMarks ??= this.markedBySelf();
    return this.ownMarks;
  }

  /** V1: whether asking for this may be a livelock. */
  suspects(asked: NewEvent): boolean {
    if (hopsOf(asked.task) > this.maxHops) return true;
    if (this.marks.length < SAME_ASKED) return false;
    const mark = markOf(hopOf(asked));
    return this.marks.filter((each) => each === mark).length >= SAME_ASKED;
  }

  /** @throws Livelock when it is one */
  async check(asked: NewEvent): Promise<void> {
    const events = await this.history().latest();
    const found = findLivelock(events, this.claimed.task, hopOf(asked), this.maxHops);
    if (found) throw new Livelock(found, asked);
  }

  private markedBySelf(): readonly number[] {
    const { marks = [], role, name } = scheduledOf(this.claimed);
    const data = this.claimed.history[0]?.data ?? '';
    return [...marks, markOf({ role, name, data })].slice(-MOST_MARKS);
  }
}

const hopsOf = (task: string): number => task.split('.').length - 1;

const markOf = ({ role, name, data }: Omit<Hop, 'task' | 'version'>): number =>
  crc32(`${role}.${name} ${data}`);

function hopOf({ task, meta, data }: NewEvent): Omit<Hop, 'version'> {
  const { role, name } = meta as EventMeta['TaskScheduled'];
  return { task: task as TaskId, role, name, data };
}

const shownHop = ({ task, role, name, data }: Omit<Hop, 'version'>) => ({
  task,
  asked: `${role}.${name}`,
  digest: digestOf(data).slice(0, DIGEST_SHOWN),
});
