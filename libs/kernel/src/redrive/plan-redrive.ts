// What it takes to run a failed or parked task again.
//
//   R1. The task keeps its own history but for its end, so nothing that has a result runs again (G4).
//   R2. A failure ended its callers too, as far up as nobody caught it. Each of them is reopened as it was
//       before that failure reached it.
//   R3. A caller that did something others can see after the failure had reached it cannot be taken back:
//       the plan is refused, never made at the price of a fact.
//   R4. Callers come first. A task's journal forgets the failure of a callee only after its own reopening.
//   R5. A task with a corrected request begins anew: what it came to with the old one counts no longer. So its request
//       can be corrected only while it has done nothing that others can see.

import {
  type EventType,
  type NewEvent,
  type RecordedEvent,
  type ReturnAddress,
  ROLLBACK,
  type TaskId,
  type Version,
} from '../events/event.js';
import { Journal } from '../journal/journal.js';
import { CorrectionRefused, RedriveRefused } from './refusals.js';
import { outlineOf, standing, type TaskOutline } from './task-outline.js';

/** What others can see: effects, calls, shared state, and signals that nobody else can take any more. */
const SEEN_BY_OTHERS = new Set<EventType>([
  'EffectIntended',
  'EffectCommitted',
  'EffectAdopted',
  'EffectRejected',
  'TaskScheduled',
  'StateChanged',
  'SignalTaken',
]);

/** What a person decides about a task that failed or is parked. */
export interface Redrive {
  readonly task: TaskId;
  readonly by: string;
  readonly reason: string;
  /** Run it with another request; default: as it was. */
  readonly corrected?: CorrectedRequest | undefined;
}

export interface CorrectedRequest {
  /** Of the contract that it is written in. */
  readonly version: number;
  /** JSON text. */
  readonly body: string;
}

/**
 * The decisions that send a failed or parked task back to its role, and with it the callers that its failure
 * ended.
 *
 * @param events - the whole log
 * @throws UnknownTask when the log never scheduled it
 * @throws RedriveRefused when the task waits for nobody, when another's failure ended it, when its caller
 *   went on without it, or when a caller did what cannot be taken back (R3)
 * @throws CorrectionRefused when the task did what cannot be taken back (R5)
 */
export function planRedrive(
  events: readonly RecordedEvent[],
  redrive: Redrive,
): NewEvent<'TaskReopened' | 'RequestCorrected'>[] {
  const { task, corrected } = redrive;
  const leaf = outlineOf(events, task);
  checkWaits(leaf);
  if (corrected) checkUncommitted(events, task);
  const callers = leaf.last.type === 'TaskFailed' ? endedCallers(events, leaf) : [];
  const keepUpTo = corrected ? leaf.scheduledAt : leaf.last.version - 1;
  const plan = [{ task, keepUpTo }, ...callers].reverse(); // R4
  const reopenings = plan.map((each) => reopened(each, redrive));
  return corrected ? [...reopenings, correction(redrive, corrected)] : reopenings;
}

interface Reopening {
  readonly task: TaskId;
  readonly keepUpTo: Version;
}

function checkWaits(task: TaskOutline): void {
  const { id, last } = task;
  if (last.type === 'TaskParked') return;
  if (last.type !== 'TaskFailed') {
    throw new RedriveRefused(id, `it ${standing(task)}, and waits for nobody's decision`);
  }
  const { origin } = last.meta;
  if (origin.task === id) return;
  throw new RedriveRefused(id, `it failed because ${origin.task} did; run that one again`, {
    origin,
  });
}

/** The callers that the failure of `failed` has ended, nearest first (R2). */
function endedCallers(events: readonly RecordedEvent[], failed: TaskOutline): Reopening[] {
  const callers: Reopening[] = [];
  for (let callee = failed; callee.last.type === 'TaskFailed' && isCalled(callee);) {
    const caller = outlineOf(events, callee.returnTo.task);
    const told = callee.last.version;
    if (caller.last.type === 'TaskParked' && caller.last.version < told) break; // it waits for another decision
    checkEnded(failed, caller);
    checkUnseen(events, failed, caller, told);
    callers.push({ task: caller.id, keepUpTo: told - 1 });
    callee = caller;
  }
  return callers;
}

/** Whether another task waited for its outcome. */
const isCalled = (task: TaskOutline): task is TaskOutline & { readonly returnTo: ReturnAddress } =>
  task.returnTo !== null && task.returnTo.task !== ROLLBACK;

function checkEnded({ id }: TaskOutline, caller: TaskOutline): void {
  if (caller.last.type === 'TaskFailed' || caller.last.type === 'TaskParked') return;
  throw new RedriveRefused(
    id,
    `its caller ${caller.id} was told of the failure and ${standing(caller)}; ` +
      'only a failure that nobody caught can be run again',
    { caller: caller.id },
  );
}

/** R3. */
function checkUnseen(
  events: readonly RecordedEvent[],
  { id }: TaskOutline,
  caller: TaskOutline,
  told: Version,
): void {
  const seen = events.filter(
    (event) => event.version > told && SEEN_BY_OTHERS.has(event.type) && isOf(event, caller.id),
  );
  if (seen.length === 0) return;
  throw new RedriveRefused(
    id,
    `after its failure its caller ${caller.id} went on to ${seen.map(({ type }) => type).join(', ')}, ` +
      `which cannot be taken back; run ${caller.id} again instead once its own failure is mended, or cancel`,
    { caller: caller.id, versions: seen.map(({ version }) => version) },
  );
}

const isOf = (event: RecordedEvent, task: TaskId): boolean =>
  event.type === 'TaskScheduled' ? event.meta.by?.task === task : event.task === task;

/** R5. */
function checkUncommitted(events: readonly RecordedEvent[], task: TaskId): void {
  const seen = new Journal(task, events).all().flatMap(visibleOf);
  if (seen.length > 0) throw new CorrectionRefused(task, seen);
}

/** What others can see of an operation: not an effect that certainly did not happen. */
function visibleOf(events: readonly RecordedEvent[]): RecordedEvent[] {
  const outcome = events.findLast(({ type }) => type.startsWith('Effect'))?.type;
  if (outcome === 'EffectRejected' || outcome === 'EffectNotPerformed') return [];
  return events.filter(({ type }) => SEEN_BY_OTHERS.has(type));
}

const reopened = (
  { task, keepUpTo }: Reopening,
  { by, reason }: Redrive,
): NewEvent<'TaskReopened'> => ({
  type: 'TaskReopened',
  task,
  op: 0,
  meta: { keepUpTo, by, reason },
  data: '',
});

const correction = (
  { task, by, reason }: Redrive,
  { version, body }: CorrectedRequest,
): NewEvent<'RequestCorrected'> => ({
  type: 'RequestCorrected',
  task,
  op: 0,
  meta: { version, by, reason },
  data: body,
});
