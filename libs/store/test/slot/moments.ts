// For each function moments at which it has something to do, in a partition where others keep the keys that all
// share from being empty.

import type { ClaimId, TaskId, WorkerId, WorkflowId } from '@lockstep/kernel';
import {
  GROUP,
  ledgerKey,
  randomClaimId,
  ROOT_TASK,
  targetKey,
  type Append,
  type AppendItem,
  type Release,
  type Reservation,
  type Store,
  type TargetOutcome,
  type View,
} from '../../src/index.js';
import {
  called,
  committed,
  completed,
  event,
  failed,
  FAILURE,
  intended,
  stepOf,
  suspended,
} from '../support/events.js';
import {
  ATTEMPT_MS,
  INBOX,
  LEASE_MS,
  startOf,
  W1,
  W2,
  type HeldByTest,
  type Scene,
} from '../support/scene.js';
import { BANK, LIMITS, TargetScene } from '../support/target-scene.js';

/** The same call to the byte, however often it is made. */
export type Call = (store: Store) => Promise<unknown>;

/** The call; behind it, if it goes from one whole step to the next, what leads to each place where it may stop. */
type Next = Call | readonly [Call, ...Call[]];

export interface Moment {
  readonly name: string;
  /** Brings about the history, and gives the call that comes next. */
  readonly prepare: (scene: Scene) => Promise<Next>;
  /** The keys whose ways may part; what else lies in the slot goes last. */
  readonly moves: RegExp;
}

const OF_WORKFLOWS =
  /:(log|wf|waits|held):(?!other)|:(feed|timers|workers|workflows|ended|given-up|clock|crew|dead-roles)$|:(inbox|dead):/;
const OF_VIEWS = /:(feed|clock)$|:(lease|view|list|unsettled):|:wf:(?!other)/;
const OF_RETIREMENT = /:(feed|ended|workflows|timers)$|:(view|list|unsettled):|:(log|wf):(?!other)/;
const FAR_MS = 900_000_000;
const NEVER = 'never';

const other = (nth: number): WorkflowId => `other-${nth}` as WorkflowId;

/** One workflow that is parked, one that waits, and one that nobody has taken yet. */
async function withOthers(scene: Scene): Promise<void> {
  await scene.alive(W2);
  for (const nth of [1, 2]) {
    await scene.start({ wf: other(nth) });
    const held = await scene.take(W2);
    await held.append([timer(held.task, FAR_MS)]);
    if (nth === 1) await held.park();
    else await held.suspend({ signals: [NEVER] });
  }
  await scene.start({ wf: other(3) });
  await scene.redis.zadd(scene.key('given-up'), FAR_MS, 'w9');
}

const timer = (task: TaskId, delayMs: number, op = 9): AppendItem => ({
  ...event(task, 'TimerSet', { delayMs }, op),
  timerMs: delayMs,
});

const moment = (
  name: string,
  prepare: (scene: Scene) => Promise<Next>,
  moves = OF_WORKFLOWS,
): Moment => ({
  name,
  prepare: async (scene) => {
    await withOthers(scene);
    return prepare(scene);
  },
  moves,
});

async function running(scene: Scene, worker = W1): Promise<HeldByTest> {
  await scene.alive(worker);
  const wf = await scene.start();
  return scene.take(worker, 1, wf);
}

const parked = async (scene: Scene): Promise<WorkflowId> => {
  const held = await running(scene);
  await held.park();
  return held.wf;
};

async function listening(scene: Scene): Promise<HeldByTest> {
  const held = await running(scene);
  await held.suspend({ any: [9], signals: ['approved'] });
  return held;
}

/** A child that its parent waits for. */
async function child(scene: Scene): Promise<HeldByTest> {
  const parent = await running(scene);
  await parent.call(1);
  await parent.suspend({ any: [1] });
  return scene.take(W1, 1, parent.wf);
}

/** Calls of one turn: the store sends them together, and each again by itself when it cannot work on all. */
function together(first: Call, second: Call): Next {
  const both: Call = async (store) => {
    const made = await Promise.allSettled([first(store), second(store)]);
    const stopped = made.find((each) => each.status === 'rejected');
    if (stopped) throw stopped.reason;
    return made;
  };
  return [both, first, second];
}

type Change = readonly [
  items: readonly AppendItem[],
  release?: Release | null,
  rest?: Partial<Append>,
];

/** An append of a task that {@link W1} holds. */
const append = (
  name: string,
  change: (held: HeldByTest) => Change,
  held: (scene: Scene) => Promise<HeldByTest> = running,
): Moment =>
  moment(`append: ${name}`, async (scene) => {
    const task = await held(scene);
    const [items, release, rest] = change(task);
    const given = { ...task.next(items), ...(release && { release }), ...rest };
    return (store) => store.append(given);
  });

const deadLetter = (task: TaskId): Partial<Append> => ({
  dead: { role: 'orders', task, meta: { reason: 'Uncaught' } },
});

const APPENDS: readonly Moment[] = [
  append('records a step', ({ task }) => [[stepOf(task, 1)]]),
  append('writes a field of the state', ({ task }) => {
    const changed = event(task, 'StateChanged', { fields: ['total'] }, 1, '{"total":1}');
    return [[{ ...changed, fields: [{ name: 'total', expected: null }] }]];
  }),
  append('delivers a called task', ({ task }) => [[called(task, 1)]]),
  append('sets a timer and takes one back', ({ task }) => [
    [timer(task, 500, 1)],
    null,
    { untimers: [9] },
  ]),
  append('suspends', ({ task }) => {
    const waits = { any: [1], all: [[2, 3]], signals: ['approved'] };
    return [[suspended(task, waits)], { as: 'suspended', waits }];
  }),
  append('completes a workflow', ({ task }) => [[completed(task)], { as: 'completed' }]),
  append(
    'completes a task that another waits for',
    ({ task }) => [[completed(task)], { as: 'completed' }],
    child,
  ),
  append('fails, with a dead letter', ({ task }) => [
    [failed(task)],
    { as: 'failed' },
    deadLetter(task),
  ]),
  append('parks, with a dead letter', ({ task }) => {
    const because = event(task, 'TaskParked', { reason: 'EffectInDoubt', error: FAILURE });
    return [[because], { as: 'parked' }, deadLetter(task)];
  }),
  append('hands a task back', ({ task }) => [
    [event(task, 'TaskReleased', { epoch: 1 })],
    { as: 'queued' },
  ]),
  append('hands a task on', ({ task }) => [[called(task, 1, null)], { as: 'handed-off' }]),
  append(
    'fails behind a call, and begins a rollback',
    ({ task }) => {
      const begun = { reason: 'Uncaught', by: 'policy', to: 0, task, error: FAILURE };
      const items = [
        called(task, 2),
        ...[failed(task), event('', 'RollbackStarted', begun, 0, '{}')],
      ];
      return [items, { as: 'failed' }, { rollback: { to: 0 } }];
    },
    committing,
  ),
  append(
    'undoes an effect, and ends the workflow',
    ({ task }) => [[completed(task)], { as: 'completed' }],
    async (scene) => {
      const { wf } = await committing(scene);
      await rollBack(wf)(scene.store);
      return scene.take(W1, 1, wf);
    },
  ),
  moment('append: two tasks at once, of which one ends', async (scene) => {
    const [step, end] = [await running(scene), await running(scene)];
    const [recorded, ended] = [step.next([stepOf(step.task, 1)]), end.next([completed(end.task)])];
    return together(
      (store) => store.append(recorded),
      (store) => store.append({ ...ended, release: { as: 'completed' } }),
    );
  }),
  moment('append: two tasks of a workflow at once', async (scene) => {
    const parent = await running(scene);
    await parent.call(1);
    const called = await scene.take(W1, 1, parent.wf);
    const [recorded, ended] = [
      parent.next([stepOf('r' as TaskId, 2)]),
      called.next([completed(called.task)]),
    ];
    return together(
      (store) => store.append(recorded),
      (store) => store.append({ ...ended, release: { as: 'completed' } }),
    );
  }),
];

const start = (name: string, prepare: (scene: Scene) => Promise<unknown>): Moment => ({
  name: `start: ${name}`,
  moves: OF_WORKFLOWS,
  prepare: async (scene) => {
    await prepare(scene);
    const given = startOf();
    return (store) => store.start(given);
  },
});

async function claimOf(scene: Scene, wf: WorkflowId, worker: WorkerId, older = 0): Promise<Call> {
  const message = (await scene.inbox()).find((found) => found.wf === wf)!;
  const { id, dispatch, ...named } = message;
  const rest = { beat: 1, inbox: INBOX, message: id, deadlineMs: ATTEMPT_MS };
  const given = { ...named, ...rest, dispatch: dispatch - older, worker, claim: randomClaimId() };
  return (store) => store.claim(given);
}

const CLAIMS: readonly Moment[] = [
  moment('claim: takes a task', async (scene) => {
    await scene.alive(W1);
    return claimOf(scene, await scene.start(), W1);
  }),
  moment('claim: removes a message of an earlier dispatch', async (scene) => {
    await scene.alive(W1);
    return claimOf(scene, await scene.start(), W1, 1);
  }),
  moment('claim: takes two tasks at once', async (scene) => {
    await scene.alive(W1);
    const [one, two] = [await scene.start(), await scene.start()];
    return together(await claimOf(scene, one, W1), await claimOf(scene, two, W1));
  }),
  moment('claim: is refused to a worker that is not registered', async (scene) =>
    claimOf(scene, await scene.start(), W1),
  ),
];

const PEOPLE: readonly Moment[] = [
  moment('signal: is kept', async (scene) => {
    const wf = await scene.start();
    return (store) => store.signal(signalOf(wf));
  }),
  moment('signal: wakes who listens', async (scene) => {
    const { wf } = await listening(scene);
    return (store) => store.signal(signalOf(wf));
  }),
  moment('cancel: ends a workflow whose task runs', async (scene) => {
    const { wf } = await running(scene);
    return (store) =>
      store.cancel({ wf, commandId: 'x1', reason: 'changed', by: 'ann', rollback: false });
  }),
  moment(
    'cancel: ends one task that runs, and sends one back to settle its effect',
    async (scene) => {
      const parent = await running(scene);
      await parent.call(1);
      const called = await scene.take(W1, 1, parent.wf);
      await called.append([intended(called.task)]);
      return (store) =>
        store.cancel({
          wf: parent.wf,
          commandId: 'x1',
          reason: 'changed',
          by: 'ann',
          rollback: false,
        });
    },
  ),
  moment('cancel: ends a workflow that is parked', async (scene) => {
    const wf = await parked(scene);
    return (store) =>
      store.cancel({ wf, commandId: 'x1', reason: 'changed', by: 'ann', rollback: false });
  }),
  moment('rollback: fences a task that runs, and has what it did undone', async (scene) => {
    const { wf } = await committing(scene);
    return rollBack(wf);
  }),
  moment('rollback: sends a task back to settle its effect', async (scene) => {
    const held = await committing(scene);
    await held.append([intended(held.task, 2)]);
    return rollBack(held.wf);
  }),
  moment('rollback: of a workflow that is parked', async (scene) => {
    const held = await committing(scene);
    await held.park();
    return rollBack(held.wf);
  }),
  moment('park: holds a task that runs and one that nobody has taken', async (scene) => {
    const held = await running(scene);
    await held.call(1);
    return park(held.wf);
  }),
  moment('park: holds a task that waits', async (scene) => {
    const { wf } = await listening(scene);
    return park(wf);
  }),
  moment('resume: sends on what a person held', async (scene) => {
    const { wf } = await running(scene);
    await park(wf)(scene.store);
    const meta = { reason: 'fine', by: 'ann' };
    const event = { type: 'WorkflowResumed', task: '', op: 0, meta, data: '' } as const;
    return (store) => store.resume(wf, 'x2', 9, [event]);
  }),
  moment('resume: sends a parked task again', async (scene) => {
    const wf = await parked(scene);
    const meta = { keepUpTo: 1, by: 'ann' };
    const reopened = { type: 'TaskReopened', task: 'r' as TaskId, op: 0, meta, data: '' } as const;
    return (store) => store.resume(wf, 'x1', 9, [reopened]);
  }),
];

/** A task that runs, and has committed an effect. */
async function committing(scene: Scene): Promise<HeldByTest> {
  const held = await running(scene);
  await held.append([intended(held.task), committed(held.task)]);
  return held;
}

const rollBack =
  (wf: WorkflowId): Call =>
  (store) =>
    store.rollback({ wf, commandId: 'x1', reason: 'wrong', by: 'ann', to: 0 });

const park =
  (wf: WorkflowId): Call =>
  (store) =>
    store.park({ wf, commandId: 'x1', reason: 'look', by: 'ann' });

const signalOf = (wf: WorkflowId) => {
  const meta = { name: 'approved', id: 's1', version: 1 };
  return { wf, id: 's1', name: 'approved', meta, payload: '{}' };
};

const reap: Call = (store) => store.reap(0, 9, []);
const fire: Call = (store) => store.fire(0, 9);

/** W1's lease has ended, that of W2 has not. */
async function outlived(scene: Scene): Promise<Call> {
  await scene.passLease(LEASE_MS - 1000);
  await scene.alive(W2);
  await scene.passLease(1000);
  return reap;
}

const SUPERVISION: readonly Moment[] = [
  moment('heartbeat: renews, and compares what is held', async (scene) => {
    const held = await running(scene);
    return (store) => store.heartbeat(0, W1, 2, LEASE_MS, [held.listed()]);
  }),
  moment('heartbeat: takes back what the worker does not know of', async (scene) => {
    await running(scene);
    return (store) => store.heartbeat(0, W1, 2, LEASE_MS, []);
  }),
  moment('drain: gives a worker an order', async (scene) => {
    await scene.alive(W1);
    const order = { by: 'ann', reason: 'a new machine', atMs: 1 };
    return (store) => store.drain(0, W1, order);
  }),
  moment('heartbeat: the last, of a worker that holds a task', async (scene) => {
    await running(scene);
    return (store) => store.heartbeat(0, W1, 2, 0, []);
  }),
  moment('reap: takes a task back, and removes its worker', async (scene) => {
    await running(scene);
    return outlived(scene);
  }),
  moment('reap: takes two tasks back, one after the other', async (scene) => {
    await running(scene);
    await running(scene);
    return [await outlived(scene), (store) => store.reap(0, 1, [])];
  }),
  moment('reap: parks a task past its crash budget, with a dead letter', async (scene) => {
    const { wf } = await running(scene);
    for (let crash = 1; crash <= 3; crash += 1) {
      await scene.store.reap(0, 9, [W1]);
      await scene.alive(W1);
      await scene.take(W1, 1, wf);
    }
    return (store) => store.reap(0, 9, [W1]);
  }),
  moment('reap: gives up a worker without connections', async (scene) => {
    await running(scene);
    return (store) => store.reap(0, 9, [W1]);
  }),
  moment('fire: wakes a task that slept', async (scene) => {
    const held = await running(scene);
    await held.append([timer(held.task, 500)]);
    await held.suspend({ any: [9] });
    await scene.pass(500);
    return fire;
  }),
  moment('fire: takes the claim from an attempt past its deadline', async (scene) => {
    await running(scene);
    await scene.passLease(ATTEMPT_MS);
    return fire;
  }),
  moment('fire: puts a deadline off that a jump of the wall clock brought near', async (scene) => {
    await running(scene);
    await scene.pass(ATTEMPT_MS);
    return fire;
  }),
  moment('fire: two timers, one after the other', async (scene) => {
    const held = await running(scene);
    await held.append([timer(held.task, 500, 1), timer(held.task, 600, 2)]);
    await scene.pass(600);
    return [fire, (store) => store.fire(0, 1)];
  }),
];

const letters = { role: 'orders', found: { raw: 'no reference' } };

const INBOXES: readonly Moment[] = [
  moment('bury: makes an unreadable message a dead letter', async (scene) => {
    const key = scene.partitions.inbox(0, INBOX);
    const id = await scene.redis.xadd(key, '*', 'raw', 'no reference');
    return (store) => store.bury(0, INBOX, id!, letters.found);
  }),
  moment('forget: removes an idle consumer', async (scene) => {
    const key = scene.partitions.inbox(0, INBOX);
    await scene.redis.xgroup('CREATE', key, GROUP, '$');
    await scene.redis.xgroup('CREATECONSUMER', key, GROUP, 'gone');
    return (store) => store.forget(0, INBOX, 0);
  }),
];

const viewOf = (wf: WorkflowId, status: string): View => ({
  ...{ wf, version: 1, tenant: 'acme', type: 'job', status },
  ...{ startedAtMs: 1, digest: 'd', body: '{}' },
});

const DOUBT = { nth: 0, sinceMs: 5 };

const project =
  (checkpoint: string, ...views: readonly View[]): Call =>
  (store) =>
    store.project(0, 'views', 'p1', 1, checkpoint, views);

const projection = (name: string, prepare: (scene: Scene) => Promise<Call>): Moment =>
  moment(
    name,
    async (scene) => {
      await scene.store.lease(0, 'views', 'p1', LEASE_MS);
      for (const wf of [other(0), a, b]) await scene.start({ wf });
      const states = ['running', 'completed', 'parked'];
      await project('1-0', ...states.map((status, at) => viewOf(other(at), status)))(scene.store);
      return prepare(scene);
    },
    OF_VIEWS,
  );

const same = (call: Call) => (): Promise<Call> => Promise.resolve(call);
const [a, b] = ['a', 'b'] as WorkflowId[] as [WorkflowId, WorkflowId];

const PROJECTION: readonly Moment[] = [
  projection(
    'lease: is renewed',
    same((store) => store.lease(0, 'views', 'p1', LEASE_MS)),
  ),
  projection(
    'lease: is refused to another',
    same((store) => store.lease(0, 'views', 'p2', 1)),
  ),
  projection(
    'lease: is taken anew',
    same((store) => store.lease(0, 'mails', 'p1', LEASE_MS)),
  ),
  projection('project: writes a first view', same(project('2-0', viewOf(a, 'running')))),
  projection('project: moves a view to another list', async (scene) => {
    await project('2-0', viewOf(a, 'running'))(scene.store);
    return project('3-0', viewOf(a, 'completed'));
  }),
  projection('project: has two views change places', async (scene) => {
    // No other view is in the list that one leaves and one enters.
    const inPlace = [viewOf(a, 'cancelled'), viewOf(b, 'running')];
    await project('2-0', ...inPlace)(scene.store);
    return project('3-0', viewOf(a, 'running'), viewOf(b, 'cancelled'));
  }),
  projection('project: lists an effect that is not settled', async (scene) => {
    await project('2-0', viewOf(a, 'running'))(scene.store);
    return project('3-0', { ...viewOf(a, 'running'), unsettled: [DOUBT] });
  }),
  projection('project: has two effects change places', async (scene) => {
    // No other effect is in the list that one leaves and one enters.
    await project('2-0', { ...viewOf(a, 'running'), unsettled: [DOUBT] })(scene.store);
    return project('3-0', { ...viewOf(a, 'running'), unsettled: [{ ...DOUBT, nth: 1 }] });
  }),
  projection('trim: forgets what has been read', async (scene) => {
    const [, [last] = ['']] = await scene.redis.xrevrange(scene.key('feed'), '+', '-', 'COUNT', 2);
    await project(last, viewOf(a, 'running'))(scene.store);
    return (store) => store.trim(0, ['views']);
  }),
];

const retirement = (name: string, count: number): Moment =>
  moment(
    name,
    async (scene) => {
      await scene.store.lease(0, 'views', 'p1', LEASE_MS);
      const ended = [a, b].slice(0, count);
      for (const wf of ended) await completedWith(scene, wf);
      await completedWith(scene, other(9));
      const views = [...ended, other(9)].map((wf) => ({
        ...{ ...viewOf(wf, 'completed'), version: 5, unsettled: [DOUBT] },
      }));
      await project('1-0', ...views, viewOf(other(1), 'parked'))(scene.store);
      const endedAtMs = Number(await scene.redis.zscore(scene.key('ended'), a));
      const timers = [{ task: ROOT_TASK, op: 9 }];
      const items = ended.map((wf) => ({ wf, version: 5, endedAtMs, result: '{}', timers }));
      return (store) => store.retire(0, { keepMs: 0, tombstoneMs: FAR_MS, putOffMs: 1000 }, items);
    },
    OF_RETIREMENT,
  );

/** Completed, with a timer that its root has left. */
async function completedWith(scene: Scene, wf: WorkflowId): Promise<void> {
  await scene.start({ wf });
  const held = await scene.take(W2, 1, wf);
  await held.append([timer(held.task, FAR_MS)]);
  await held.complete();
}

const RETIREMENT: readonly Moment[] = [
  retirement('retire: removes a workflow', 1),
  retirement('retire: removes two that share all lists', 2),
];

const RESERVATION: Reservation = {
  ...{ tenant: 'acme', action: 'refund', key: 'k', inputDigest: 'd', epoch: 1 },
  ...{ wf: a, task: 'r' as TaskId, claim: 'c1' as ClaimId },
};
export const LEDGER_KEY = ledgerKey('acme', 'refund', 'k');

const ledger = (name: string, call: Call, ...before: readonly Call[]): Moment => ({
  name,
  moves: /:effect$/,
  prepare: async (scene) => {
    for (const earlier of before) await earlier(scene.store);
    return call;
  },
});

const reserve: Call = (store) => store.ledger.reserve(RESERVATION);
const takeOver: Call = (store) =>
  store.ledger.reserve({ ...RESERVATION, claim: 'c2' as ClaimId, epoch: 2 });
const commit: Call = (store) => store.ledger.commit(RESERVATION, '{"id":1}');
const release: Call = (store) => store.ledger.release(RESERVATION);
const compensate =
  (to: 'compensating' | 'compensated'): Call =>
  (store) =>
    store.ledger.compensate({ ...RESERVATION, occurrence: 1 }, to);

/** One key each, which the caller declares: there is nothing else that could have left. */
export const OF_LEDGER: readonly Moment[] = [
  ledger('reserve: a key that is free', reserve),
  ledger('reserve: takes over', takeOver, reserve),
  ledger('commit: keeps a receipt', commit, reserve),
  ledger('release: frees the key', release, reserve),
  ledger('compensate: is about to undo', compensate('compensating'), reserve, commit),
  ledger('compensate: has undone', compensate('compensated'), reserve, commit),
  ledger('reserve: behind what was undone', reserve, reserve, commit, compensate('compensated')),
];

export const TARGET_KEY = targetKey(BANK, 'target');

const LIMITED = { ...LIMITS, rate: { perSecond: 10, burst: 5 }, concurrency: 1 };
const admit =
  (permit: string): Call =>
  (store) =>
    store.targets.admit(BANK, LIMITED, { permit, who: permit, leaseMs: LEASE_MS });
const report =
  (permit: string, outcome: TargetOutcome): Call =>
  (store) =>
    store.targets.report(BANK, LIMITED, permit, outcome, 10);
const force: Call = (store) =>
  store.targets.force(BANK, { commandId: 'c1', state: 'open', by: 'ann', reason: 'r' });

/** A target that has everything: changes behind it, a permit that is out, somebody who waits. */
const target = (name: string, call: Call, ...before: readonly Call[]): Moment => ({
  name,
  moves: /:(target|window|permits|probes|waiting|changes)$/,
  prepare: async (scene) => {
    const bank = new TargetScene(scene);
    await bank.pass(0);
    await bank.opened();
    await bank.pass(5000);
    await bank.calls('ok', 'ok', 'failed', 'failed', 'failed');
    await bank.pass(-5000);
    for (const each of [admit('out'), admit('waits'), ...before]) await each(scene.store);
    return call;
  },
});

export const OF_TARGET: readonly Moment[] = [
  target('admit: one who is refused', admit('p')),
  target('admit: one for whom there is room', admit('p'), report('out', 'unused')),
  target('report: counts', report('out', 'ok')),
  target('report: opens the breaker', report('out', 'failed')),
  target('force: opens the breaker', force),
];

export const OF_PARTITION: readonly Moment[] = [
  start('in a partition that has nothing', () => Promise.resolve()),
  start('among others', withOthers),
  ...[...CLAIMS, ...APPENDS, ...PEOPLE, ...SUPERVISION, ...INBOXES, ...PROJECTION, ...RETIREMENT],
];
