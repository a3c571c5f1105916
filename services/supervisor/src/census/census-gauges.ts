import type { Metrics } from '@lockstep/host';
import type { BreakerState } from '@lockstep/store';
import { Gauge } from 'prom-client';
import type { Census } from '@lockstep/store';

interface NamedAmount {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly read: (census: Census) => Iterable<readonly [string, number]>;
}

const STATE: Readonly<Record<BreakerState, number>> = { closed: 0, 'half-open': 1, open: 2 };

const BY_NAME: readonly NamedAmount[] = [
  {
    name: 'lockstep_inbox_waiting',
    help: 'Deliveries that nobody has claimed',
    label: 'inbox',
    read: ({ waiting }) => waiting,
  },
  {
    name: 'lockstep_inbox_oldest_seconds',
    help: 'Age of the oldest delivery that nobody has claimed',
    label: 'inbox',
    read: ({ oldestMs }) => [...oldestMs].map(([inbox, ms]) => [inbox, ms / 1000]),
  },
  {
    name: 'lockstep_dead_letters',
    help: 'Dead letters of a role',
    label: 'role',
    read: ({ dead }) => dead,
  },
  {
    name: 'lockstep_workflows',
    help: 'Workflows of all tenants, as their views know them',
    label: 'status',
    read: ({ workflows }) => workflows,
  },
  {
    name: 'lockstep_breaker_state',
    help: 'Breaker of a target: 0 closed, 1 half open, 2 open',
    label: 'target',
    read: ({ breakers }) => breakers.map(({ target, state }) => [target, STATE[state]]),
  },
  {
    name: 'lockstep_target_permits',
    help: 'Calls that go on at a target',
    label: 'target',
    read: ({ breakers }) => breakers.map(({ target, admitted }) => [target, admitted]),
  },
  {
    name: 'lockstep_target_waiting',
    help: 'Attempts that a target refused and that have not come back',
    label: 'target',
    read: ({ breakers }) => breakers.map(({ target, waiting }) => [target, waiting]),
  },
];

/** Shows a census; while there is none nothing is shown: an old number is no answer. */
export class CensusGauges {
  private readonly byName;
  private census: Census | null = null;

  constructor(metrics: Metrics) {
    const registers = [metrics.registry];
    this.byName = BY_NAME.map(({ name, help, label, read }) => ({
      gauge: new Gauge({ name, help, labelNames: [label], registers }),
      label,
      read,
    }));
    const amount = (read: (census: Census) => number) => () =>
      this.census ? read(this.census) : Number.NaN;
    const seconds = amount(({ overdueMs }) => overdueMs / 1000);
    metrics.gauge(
      'timers',
      'Timers and deadlines that are set',
      amount((now) => now.timers),
    );
    metrics.gauge('timer_overdue_seconds', 'How late the oldest timer that is due is', seconds);
    metrics.gauge(
      'workers',
      'Processes of agents that are alive',
      amount((now) => now.workers),
    );
    metrics.gauge(
      'held',
      'Tasks that workers hold',
      amount((now) => now.held),
    );
    metrics.gauge(
      'feed_entries',
      'Entries of the feed that are kept',
      amount((now) => now.feed),
    );
  }

  show(census: Census | null): void {
    this.census = census;
    for (const { gauge, label, read } of this.byName) {
      gauge.reset();
      for (const [name, amount] of census ? read(census) : []) gauge.set({ [label]: name }, amount);
    }
  }
}
