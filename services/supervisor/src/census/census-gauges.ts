import type { Metrics } from '@lockstep/host';
import type { BreakerState, Census } from '@lockstep/store';

interface NamedAmount {
  readonly amount: string;
  readonly help: string;
  readonly label: string;
  readonly read: (census: Census) => Iterable<readonly [string, number]>;
}

interface Amount {
  readonly amount: string;
  readonly help: string;
  readonly read: (census: Census) => number;
}

const STATE: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

/** Shown with 0 before there is one: an increase from nothing is not seen. */
const NO_WORKFLOWS = (
  ['running', 'parked', 'cancelling', 'rolling-back', 'cancelled', 'completed', 'failed'] as const
).map((status) => [status, 0] as const);

/** No dead letter, of each role that has an inbox. */
const noneOf = (inboxes: ReadonlyMap<string, number>): (readonly [string, number])[] =>
  [...inboxes.keys()].map((inbox) => [inbox.replace(/@.*/, ''), 0]);

const BY_NAME: readonly NamedAmount[] = [
  {
    amount: 'inbox_waiting',
    help: 'Deliveries that nobody has claimed. Growing: start more processes of the role.',
    label: 'inbox',
    read: ({ waiting }) => waiting,
  },
  {
    amount: 'inbox_oldest_seconds',
    help: 'Age of the oldest delivery that nobody has claimed. Over a minute: no process of that role and major, or too few.',
    label: 'inbox',
    read: ({ oldestMs }) => [...oldestMs].map(([inbox, ms]) => [inbox, ms / 1000]),
  },
  {
    amount: 'workers',
    help: 'Processes of agents that are alive, by the inbox that they read. None where work waits: start one.',
    label: 'inbox',
    read: ({ crews }) => crews,
  },
  {
    amount: 'dead_letters',
    help: 'Dead letters of a role. Each waits for a person: lockstep dead list.',
    label: 'role',
    read: ({ dead, waiting }) => new Map([...noneOf(waiting), ...dead]),
  },
  {
    amount: 'workflows',
    help: 'Workflows of all tenants, as their views know them. `parked` ones wait for a person: lockstep workflow list.',
    label: 'status',
    read: ({ workflows }) => new Map([...NO_WORKFLOWS, ...workflows]),
  },
  {
    amount: 'breaker_state',
    help: 'Breaker of a target: 0 closed, 1 half open, 2 open. Open for minutes: mend the target; lockstep breaker list.',
    label: 'target',
    read: ({ breakers }) => breakers.map(({ target, state }) => [target, STATE[state]]),
  },
  {
    amount: 'target_permits',
    help: 'Calls that go on at a target, of all processes.',
    label: 'target',
    read: ({ breakers }) => breakers.map(({ target, admitted }) => [target, admitted]),
  },
  {
    amount: 'target_waiting',
    help: 'Attempts that a target refused and that have not come back. Growing: the target is away, or its limits are too low.',
    label: 'target',
    read: ({ breakers }) => breakers.map(({ target, waiting }) => [target, waiting]),
  },
];

const AMOUNTS: readonly Amount[] = [
  {
    amount: 'timers',
    help: 'Timers and deadlines that are set.',
    read: ({ timers }) => timers,
  },
  {
    amount: 'timer_overdue_seconds',
    help: 'How late the oldest timer that is due is. Over 5 s: the duty `fire` fails, or Redis is slow.',
    read: ({ overdueMs }) => overdueMs / 1000,
  },
  {
    amount: 'effects_unsettled',
    help: 'Effects of all tenants that are in doubt or wait for a person. Growing: lockstep effect list.',
    read: ({ unsettled }) => unsettled,
  },
  {
    amount: 'effects_unsettled_oldest_seconds',
    help: 'How long the oldest of them is. Over minutes: a probe cannot say, or a person is to settle it.',
    read: ({ unsettledMs }) => unsettledMs / 1000,
  },
  {
    amount: 'held',
    help: 'Tasks that workers hold.',
    read: ({ held }) => held,
  },
  {
    amount: 'feed_entries',
    help: 'Entries of the feed that are kept. Growing: no projector is at work, or the duty `trim` fails.',
    read: ({ feed }) => feed,
  },
  {
    amount: 'feed_lag_seconds',
    help: 'Age of the oldest entry of the feed that is in no view yet. Growing: start a projector, or read its log.',
    read: ({ unprojectedMs }) => unprojectedMs / 1000,
  },
];

/** Several of them are missing by then, unit ms. */
const OLD_MS = 20_000;

/** Shows a census; while there is none, or an old one, nothing is shown: an old number is no answer. */
export class CensusGauges {
  private latest: Census | null = null;
  private takenMs = 0;

  constructor(metrics: Metrics) {
    for (const { amount, help, label, read } of BY_NAME)
      metrics.gauges(amount, help, label, () => (this.census ? read(this.census) : []));
    for (const { amount, help, read } of AMOUNTS)
      metrics.gauge(amount, help, () => (this.census ? read(this.census) : Number.NaN));
  }

  show(census: Census | null): void {
    this.latest = census;
    this.takenMs = performance.now();
  }

  private get census(): Census | null {
    return performance.now() - this.takenMs < OLD_MS ? this.latest : null;
  }
}
