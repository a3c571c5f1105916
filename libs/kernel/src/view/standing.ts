// Why each open task of a workflow does not go on, since when, and what a person can do about it (G6).
//
//   It is computed when somebody asks, from the view and from who is alive then: a view costs the same without it.

import type { OperationNumber, TaskId, WaitSpec } from '../events/event.js';
import { BLAMELESS } from '../effect/progress.js';
import type { ErrorChain } from '../failure/error-chain.js';
import type { EffectView } from './effects.js';
import type { ParkedView, PersonsOption } from './parked.js';
import type { TaskTimer, TaskView } from './tasks.js';
import type { WorkflowView } from './workflow-view.js';

export type StandingReason =
  /** A worker works on it: it does not stand still. */
  | 'running'
  /** It is delivered, and no worker has taken it. */
  | 'queued'
  /** As queued, and no worker is alive that could. */
  | 'no-worker'
  /** It waits for the outcome of other tasks. */
  | 'call'
  /** It sleeps. */
  | 'timer'
  /** It waits for a signal. */
  | 'signal'
  /** An attempt failed, and the next one is not due yet. */
  | 'retry'
  /** Another task has reserved the key of its effect. */
  | 'key'
  /** A target takes no work now: its breaker is open, or a limit is reached. */
  | 'target'
  /** It is being found out whether an effect happened. */
  | 'doubt'
  /** The workflow is being stopped, and the outcome of its open effects is wanted before. */
  | 'settling'
  /** It waits for a person. */
  | 'person';

export type StandingOption =
  | PersonsOption
  | { readonly action: 'signal'; readonly name: string }
  | { readonly action: 'park' }
  | { readonly action: 'start-worker'; readonly inbox: string }
  | { readonly action: 'close-breaker'; readonly target: string };

export interface Standing {
  /** Null when it is the workflow as a whole. */
  readonly task: TaskId | null;
  readonly role: string | null;
  readonly why: StandingReason;
  /** What it waits for, in a person's words. */
  readonly what: string;
  readonly sinceMs: number;
  /** When it goes on by itself; null when that is not known. */
  readonly untilMs: number | null;
  /** Of the last attempt; empty when none failed. */
  readonly error: ErrorChain;
  readonly options: readonly StandingOption[];
}

/**
 * An entry for all that each open task waits for; what waits for a person comes first. A completed workflow may have
 * calls open that were no longer wanted, until what they had begun is settled.
 *
 * @param alive - inboxes (`<role>@<major>`) that a worker reads which takes work
 */
export function standingOf(view: WorkflowView, alive: ReadonlySet<string>): Standing[] {
  if (view.status === 'cancelled' || view.status === 'failed') return [];
  const persons = view.parked.map((parked) => forPerson(view, parked));
  if (view.held) return persons;
  const open = view.tasks.filter(({ outcome, parked }) => outcome === null && parked === null);
  return [...persons, ...open.flatMap((task) => new OpenTask(view, task, alive).entries())];
}

function forPerson(
  { held }: WorkflowView,
  { task, role, reason, error, sinceMs, options }: ParkedView,
): Standing {
  const why = 'person' as const;
  const what = task === null && held ? `${held.by} holds it: ${held.reason}` : told(reason, error);
  return { task, role, why, what, sinceMs, untilMs: null, error, options };
}

const told = (reason: string, [first]: ErrorChain): string =>
  first ? `${reason}: ${first.message}` : reason;

/** Names that are told at most. */
const MOST_NAMED = 5;

type About = Pick<Standing, 'why' | 'what'> & Partial<Standing>;

class OpenTask {
  constructor(
    private readonly view: WorkflowView,
    private readonly task: TaskView,
    private readonly alive: ReadonlySet<string>,
  ) {}

  entries(): Standing[] {
    switch (this.task.state) {
      case 'Processing':
        return [this.processing()];
      case 'AwaitingInput':
        return this.waiting();
      default:
        return [this.idle()];
    }
  }

  private processing(): Standing {
    const { worker, id } = this.task;
    const effects = this.view.effects.filter((effect) => effect.task === id);
    const keyHeld = effects.find(isKeyHeld);
    if (keyHeld) return this.keyHeld(keyHeld);
    const doubtful = effects.find(({ status }) => status === 'in-doubt');
    if (doubtful) return this.doubt(doubtful);
    return this.entry({ why: 'running', what: `${worker ?? 'a worker'} works on it` });
  }

  private waiting(): Standing[] {
    const { waits, timers } = this.task;
    if (waits === null || this.isWoken(waits)) return [this.idle()];
    const ops = [...waits.any, ...waits.all.flat()];
    return [
      ...this.calls(ops),
      ...timers.filter(({ op }) => ops.includes(op)).map((timer) => this.timer(timer)),
      ...waits.signals.map((name) => this.signal(name)),
    ];
  }

  /** Delivered: after a wake, which has no event of its own, since what woke it. */
  private idle(): Standing {
    const { role, major } = this.task;
    const inbox = `${role}@${major}`;
    const sinceMs = Math.max(
      this.task.sinceMs,
      ...this.outcomes().map(({ endedAtMs }) => endedAtMs),
    );
    if (!this.alive.has(inbox)) {
      const what = `no worker of ${inbox} takes work`;
      const options = [{ action: 'start-worker', inbox } as const, ...this.stop()];
      return this.entry({ why: 'no-worker', what, sinceMs, options });
    }
    if (this.isStopping) {
      const what = `the outcome of its open effects is wanted before the workflow ends`;
      return this.entry({ why: 'settling', what, sinceMs });
    }
    return this.entry({ why: 'queued', what: `waits for a worker of ${inbox}`, sinceMs });
  }

  private calls(ops: readonly OperationNumber[]): Standing[] {
    const open = this.callees().filter(
      ({ returnTo, outcome }) => outcome === null && ops.includes(returnTo?.op ?? 0),
    );
    if (open.length === 0) return [];
    const names = open.slice(0, MOST_NAMED).map(({ id, role, name }) => `${role}.${name} (${id})`);
    const more = open.length > MOST_NAMED ? ` and ${open.length - MOST_NAMED} more` : '';
    return [this.entry({ why: 'call', what: `waits for ${names.join(', ')}${more}` })];
  }

  private signal(name: string): Standing {
    const options = [{ action: 'signal', name } as const, ...this.stop()];
    return this.entry({ why: 'signal', what: `waits for the signal ${name}`, options });
  }

  private timer({ op, dueAtMs, setAtMs, of, error }: TaskTimer): Standing {
    const times = { sinceMs: setAtMs, untilMs: dueAtMs, error };
    const effect = this.view.effects.findLast(
      (each) => each.task === this.task.id && each.op === op,
    );
    if (effect && isKeyHeld(effect)) return this.keyHeld(effect, times);
    switch (of.kind) {
      case 'sleep':
        return this.entry({ ...times, why: 'timer', what: 'sleeps' });
      case 'target':
        return this.entry({ ...times, ...this.deferred(op) });
      case 'retry': {
        const what = `the next attempt of ${effect ? nameOf(effect) : of.what}`;
        return this.entry({ ...times, why: 'retry', what });
      }
    }
  }

  private deferred(op: OperationNumber): About {
    const deferral = this.task.deferrals.find((each) => each.op === op);
    const { target = 'its target', reason, sinceMs = this.task.sinceMs } = deferral ?? {};
    if (reason !== 'open') {
      const what = `${target} takes no more work now (${reason ?? 'it said no'})`;
      return { why: 'target', what, sinceMs };
    }
    const options = [{ action: 'close-breaker', target } as const, ...this.stop()];
    return { why: 'target', what: `the breaker of ${target} is open`, sinceMs, options };
  }

  private keyHeld(effect: EffectView, times: Partial<Standing> = {}): Standing {
    const error = effect.error ?? [];
    const what = `${nameOf(effect)}: ${error[0]?.message ?? 'another task has the key'}`;
    return this.entry({ why: 'key', what, sinceMs: effect.atMs, error, ...times });
  }

  private doubt(effect: EffectView): Standing {
    const what = `it is being found out whether ${nameOf(effect)} happened`;
    const error = effect.error ?? [];
    return this.entry({ why: 'doubt', what, sinceMs: effect.atMs, error });
  }

  /** Whether what it waited for is there: a wake has no event of its own (T3). */
  private isWoken(waits: WaitSpec): boolean {
    const outcomes = new Map(this.outcomes().map((each) => [each.op, each]));
    const isOpen = (op: OperationNumber): boolean => !outcomes.has(op) && this.isAwaited(op);
    const isFailed = (op: OperationNumber): boolean => outcomes.get(op)?.failed === true;
    return (
      waits.any.some((op) => !isOpen(op)) ||
      waits.all.some((ops) => ops.some(isFailed) || !ops.some(isOpen)) ||
      waits.signals.some((name) => this.hasCome(name))
    );
  }

  private isAwaited(op: OperationNumber): boolean {
    return (
      this.task.timers.some((timer) => timer.op === op) ||
      this.callees().some(({ returnTo }) => returnTo?.op === op)
    );
  }

  private hasCome(signal: string): boolean {
    return this.view.timeline.latest.some(
      ({ type, name, atMs }) =>
        type === 'SignalReceived' && name === signal && atMs > this.task.sinceMs,
    );
  }

  private callees(): TaskView[] {
    return this.view.tasks.filter(({ returnTo }) => returnTo?.task === this.task.id);
  }

  private outcomes(): { op: OperationNumber; failed: boolean; endedAtMs: number }[] {
    return this.callees().flatMap(({ returnTo, outcome, endedAtMs }) =>
      returnTo && (outcome === 'completed' || outcome === 'failed')
        ? [{ op: returnTo.op, failed: outcome === 'failed', endedAtMs: endedAtMs ?? 0 }]
        : [],
    );
  }

  private get isStopping(): boolean {
    const { cancel, rollback, status } = this.view;
    return cancel !== null || rollback !== null || status === 'completed';
  }

  private stop(): StandingOption[] {
    if (this.isStopping) return [];
    return [{ action: 'park' }, { action: 'rollback' }, { action: 'cancel' }];
  }

  private entry(about: About): Standing {
    const { id, role, sinceMs } = this.task;
    const rest = { untilMs: null, error: [], options: this.stop() };
    return { task: id, role, sinceMs, ...rest, ...about };
  }
}

const isKeyHeld = ({ status, error }: EffectView): boolean =>
  status === 'retrying' && error?.[0]?.code === BLAMELESS.held;

const nameOf = ({ action, key }: EffectView): string => `effect ${action} ${key}`;
