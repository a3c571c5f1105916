// Every key of Lockstep, with its hash tag. The Lua library takes the names of a partition's keys from here.

import { crc32 } from 'node:zlib';
import calculateSlot from 'cluster-key-slot';

const SLOTS = 16_384;

/** What stands behind `ls:{tag}:` in the keys of a partition; a name that ends in `:` is followed by an id. */
export const PARTITION_KEYS = {
  log: 'log:', // stream of a workflow's events
  head: 'wf:', // hash: version, status, tasks
  waits: 'waits:', // hash of a suspended task: what it waits for
  feed: 'feed', // stream of references to new events
  inbox: 'inbox:', // stream of deliveries to a role
  dead: 'dead:', // stream of a role's dead letters
  dead_roles: 'dead-roles', // set of roles that have had a dead letter
  timers: 'timers', // sorted set by due time
  workers: 'workers', // sorted set by the end of the lease
  crew: 'crew', // hash: what each worker alive is, and what it was told
  held: 'held:', // set of tasks that a worker holds
  given_up: 'given-up', // sorted set of workers taken for dead by their connections
  clock: 'clock', // hash: the clock that leases run on
  lease: 'lease:', // hash: owner, epoch and checkpoint of a reader of the feed
  workflows: 'workflows', // sorted set of all workflows by start
  ended: 'ended', // sorted set of those that have ended, by when
  tombstone: 'tombstone:', // hash: what is left of a workflow that was retired
  view: 'view:', // hash: a workflow's projected view
  views: 'views', // channel: each view that was written, as '<wf> <version>'
  list: 'list:', // sorted set of views by tenant, type and status
  unsettled: 'unsettled:', // sorted set of a tenant's effects that are not settled, by since when
  test_clock: 'test-clock', // only in a test build of the library
} as const;

/** As {@link PARTITION_KEYS}, in the keys of a target. */
export const TARGET_KEYS = {
  target: 'target', // hash: state of the breaker, tokens of the rate, commands
  window: 'window', // hash: calls and failures by slice of time
  permits: 'permits', // sorted set of permits that are out, by the end of their lease
  probes: 'probes', // sorted set of those among them that are probes
  waiting: 'waiting', // sorted set of who was refused, by when they are expected again
  changes: 'changes', // stream of the breaker's changes of state
} as const;

/** Stands behind an inbox's name in that of its bulk lane. */
export const BULK = ':bulk';

/** Number of partitions, and the tag of each; the tags are spread evenly over the slots of a cluster. */
export class Partitions {
  readonly tags: readonly string[];

  constructor(readonly count: number) {
    this.tags = Array.from({ length: count }, (_, partition) => tagOf(partition, count));
  }

  /** Partition of a workflow, by its id alone. */
  of(workflow: string): number {
    return crc32(workflow) % this.count;
  }

  feed(partition: number): string {
    return this.key(partition, PARTITION_KEYS.feed);
  }

  log(workflow: string): string {
    return this.key(this.of(workflow), PARTITION_KEYS.log, workflow);
  }

  head(workflow: string): string {
    return this.key(this.of(workflow), PARTITION_KEYS.head, workflow);
  }

  view(workflow: string): string {
    return this.key(this.of(workflow), PARTITION_KEYS.view, workflow);
  }

  /** Channel that tells of each view written, as `<workflow> <version>`. */
  views(partition: number): string {
    return this.key(partition, PARTITION_KEYS.views);
  }

  inbox(partition: number, inbox: string): string {
    return this.key(partition, PARTITION_KEYS.inbox, inbox);
  }

  dead(partition: number, role: string): string {
    return this.key(partition, PARTITION_KEYS.dead, role);
  }

  /** Roles that have had a dead letter. */
  deadRoles(partition: number): string {
    return this.key(partition, PARTITION_KEYS.dead_roles);
  }

  workers(partition: number): string {
    return this.key(partition, PARTITION_KEYS.workers);
  }

  /** What each worker alive is, and behind `!` what it was told. */
  crew(partition: number): string {
    return this.key(partition, PARTITION_KEYS.crew);
  }

  held(partition: number, worker: string): string {
    return this.key(partition, PARTITION_KEYS.held, worker);
  }

  workflows(partition: number): string {
    return this.key(partition, PARTITION_KEYS.workflows);
  }

  ended(partition: number): string {
    return this.key(partition, PARTITION_KEYS.ended);
  }

  tombstone(workflow: string): string {
    return this.key(this.of(workflow), PARTITION_KEYS.tombstone, workflow);
  }

  timers(partition: number): string {
    return this.key(partition, PARTITION_KEYS.timers);
  }

  lease(partition: number, name: string): string {
    return this.key(partition, PARTITION_KEYS.lease, name);
  }

  /** Views of a tenant, newest last; `*` stands for any type or status. */
  list(partition: number, tenant: string, type = '*', status = '*'): string {
    return this.key(partition, PARTITION_KEYS.list, `${tenant}:${type}:${status}`);
  }

  /** A tenant's effects that are not settled, each as `<workflow> <nth of its view>`; `*` stands for any tenant. */
  unsettled(partition: number, tenant: string): string {
    return this.key(partition, PARTITION_KEYS.unsettled, tenant);
  }

  private key(partition: number, name: string, id = ''): string {
    return `ls:{${this.tags[partition] ?? ''}}:${name}${id}`;
  }
}

/** Hash: what is fixed when an installation is created, such as the number of partitions. */
export const INSTALLATION_KEY = 'ls:installation';

/** Set: names of the targets that were ever asked for admission. */
export const TARGETS_KEY = 'ls:targets';

/** A key of a target, which the tenants share; all of its keys are in one slot. */
export const targetKey = (target: string, name: keyof typeof TARGET_KEYS): string =>
  `ls:{b:${target}}:${TARGET_KEYS[name]}`;

/** Hash: redrives of many dead letters, how far each has come, and who stopped it. */
export const REDRIVES_KEY = 'ls:redrives';

/** Text: who discarded the unreadable message of a place, and why. */
export const discardedKey = (place: string): string => `ls:discarded:${place}`;

/** Sorted set: the processes of a service that are alive, by when they last said so. Only for sharing work fairly. */
export const membersKey = (service: string): string => `ls:members:${service}`;

/** One effect's ledger entry; its tag spreads entries over the slots. */
export function ledgerKey(tenant: string, action: string, key: string): string {
  // A brace would end the tag.
  const text = key.replaceAll('%', '%25').replaceAll('}', '%7D');
  return `ls:{e:${tenant}/${action}/${text}}:effect`;
}

/**
 * The first of `<partition>`, `<partition>-1`, … whose slot lies in the middle quarter of the partition's even share of
 * all slots: at the rim of a share, several partitions would be with one master as soon as the number of masters does
 * not divide theirs.
 */
function tagOf(partition: number, count: number): string {
  const share = SLOTS / count;
  const middle = (partition + 0.5) * share;
  for (let i = 0; ; i += 1) {
    const tag = i === 0 ? String(partition) : `${partition}-${i}`;
    if (Math.abs(calculateSlot(tag) - middle) <= share / 8) return tag;
  }
}
