// Everything that counts, read from the model and from the server into one shape.

import type { Redis } from 'ioredis';
import { parseEntry } from '../../src/index.js';
import type { LedgerModel } from './ledger.js';
import type { RetirementModel } from './retirement.js';
import { openIntents, openTasks, parkedTasks, type Workflow } from './state.js';

/** Each key, without the partition's prefix, with its value in a comparable form. */
export type Snapshot = Record<string, unknown>;

export function snapshotOfModel(model: RetirementModel, ledger: LedgerModel): Snapshot {
  const workflows = [...model.workflows.values()];
  const parts: [string, unknown][] = [
    ...workflows.flatMap(workflowParts),
    ['feed', model.feed.map(({ wf, from, to }) => `${wf} ${from} ${to}`)],
    [
      'inbox:orders@1',
      model.inbox.map((m) => [m.wf, m.task, m.name, m.dispatch, m.born, Number(m.alone)].join(' ')),
    ],
    ['dead:orders', model.letters.map(({ wf, task, version }) => [wf, task, String(version)])],
    ['dead-roles', [...model.letterRoles]],
    ['timers', texts(model.timers)],
    ['workers', texts(model.workers)],
    ['crew', [...model.workers.keys()].sort()],
    ['given-up', texts(model.givenUp)],
    ['clock', model.clock && { wall: String(model.clock.wall), lease: String(model.clock.lease) }],
    ...[...model.workers.keys()].map((worker): [string, unknown] => [
      `held:${worker}`,
      model.held(worker).map(({ flow, id }) => `${flow.id} ${id}`),
    ]),
    ...[...ledger.entries].map(([key, entry]): [string, unknown] => [
      `effect:${key}`,
      [
        entry.state,
        String(entry.occurrence),
        entry.wf,
        entry.task,
        entry.input,
        entry.receipt ?? null,
      ],
    ]),
    ...[...model.views].map(([wf, { version, status }]): [string, unknown] => [
      `view:${wf}`,
      [String(version), status],
    ]),
    ['ended', texts(model.ended)],
    ['workflows', [...model.workflows.keys()].sort()],
    ...[...model.tombstones].map(([wf, { digest, version, status, result }]): [string, unknown] => [
      `tombstone:${wf}`,
      [digest, String(version), status, result],
    ]),
  ];
  return Object.fromEntries(parts.filter(([, value]) => !isEmpty(value)));
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || (value !== null && Object.keys(value).length === 0);

const texts = (numbers: ReadonlyMap<string, number>): Record<string, string> =>
  Object.fromEntries([...numbers].map(([name, value]) => [name, String(value)]));

function workflowParts(flow: Workflow): [string, unknown][] {
  const waits = [...flow.tasks].map(
    ([
      id,
      {
        waits: { group, left },
      },
    ]): [string, unknown] => [
      `waits:${flow.id}:${id}`,
      Object.fromEntries([...group, ...[...left].map(([name, n]) => [`#${name}`, String(n)])]),
    ],
  );
  const log = flow.log.map(({ type, task, op, epoch, at, meta, data }, before) => [
    `${before + 1}-0`,
    ...[type, task, op, epoch, at, meta, data],
  ]);
  return [[`wf:${flow.id}`, headOf(flow)], [`log:${flow.id}`, log], ...waits];
}

function headOf(flow: Workflow): Record<string, string> {
  const counters = {
    layout: 1,
    version: flow.log.length,
    tasks: flow.tasks.size,
    open: openTasks(flow).length,
    parked: parkedTasks(flow),
    committed: flow.standing.size,
    cancelling: flow.cancelling,
  };
  const { tenant, type, digest, status } = flow;
  const fields: [string, unknown][] = [
    ...Object.entries({ ...counters, tenant, type, digest, status }),
    ...flow.versions,
    ...[...flow.standing].map(([version, task]): [string, unknown] => [`e:${version}`, task]),
    ...undoOf(flow),
    ...(flow.held === undefined ? [] : [['held', flow.held] as [string, unknown]]),
    ...[...flow.listeners].map(([name, ids]): [string, unknown] => [
      `listen:${name}`,
      ids.join(' '),
    ]),
    ...[...flow.dead].map(([id, role]): [string, unknown] => [`dead:${id}`, role]),
    ...[...flow.tasks].flatMap(([id, t]): [string, unknown][] => {
      const task = [t.state, t.claim, t.epoch, t.appended, t.from, t.to, t.wokenAt];
      const to = [t.inbox, t.name, t.returnTask, t.returnOp, t.born];
      return [
        [`t:${id}`, [...task, openIntents(flow, id)].join(' ')],
        [`d:${id}`, [...to, t.mode, t.dispatch, t.worker, t.beat, t.deadline, t.crashes].join(' ')],
      ];
    }),
  ];
  return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
}

const undoOf = ({ undo }: Workflow): [string, unknown][] =>
  undo ? [['undo', `${undo.upTo ?? '-'} ${undo.began}`]] : [];

const IGNORED = /^(test-clock|lease:|list:)/;

/** @param prefix - what the keys of the partition begin with */
export async function snapshotOfStore(redis: Redis, prefix: string): Promise<Snapshot> {
  const keys = await redis.keys('ls:*');
  const names = keys
    .map((key) => [key, key.replace(prefix, '').replace(/^ls:\{e:.*\/(.*)\}:effect$/, 'effect:$1')])
    .filter(([, name]) => !IGNORED.test(name ?? ''));
  const values = await Promise.all(
    names.map(async ([key = '', name = '']) => readers[name.replace(/[:].*/, '')]?.(redis, key)),
  );
  const parts = names.map(([, name], at) => [name, values[at]]);
  return Object.fromEntries(parts.filter(([, value]) => !isEmpty(value))) as Snapshot;
}

type Read = (redis: Redis, key: string) => Promise<unknown>;

/** How the keys of each kind are read. */
const readers: Record<string, Read> = {
  wf: async (redis, key) => {
    const head = await redis.hgetall(key);
    const entries = Object.entries(head).map(([name, value]) =>
      name.startsWith('dead:') ? [name, value.replace(/ .*/, '')] : [name, value],
    );
    return Object.fromEntries(entries) as unknown;
  },
  log: async (redis, key) =>
    (await redis.xrange(key, '-', '+')).map(([id, fields]) => {
      const { type, task, op, epoch, atMs, meta, data } = parseEntry([id, fields]);
      return [id, type, task, op, epoch, atMs, meta, data];
    }),
  waits: (redis, key) => redis.hgetall(key),
  feed: async (redis, key) => (await valuesOf(redis, key, 1)).flat(),
  inbox: async (redis, key) => (await valuesOf(redis, key, 1)).flat(),
  dead: async (redis, key) =>
    (await valuesOf(redis, key, 5)).map(([wf, task, , , version]) => [wf, task, version]),
  'dead-roles': (redis, key) => redis.smembers(key),
  timers: scores,
  workers: scores,
  crew: async (redis, key) => (await redis.hkeys(key)).sort(),
  'given-up': scores,
  clock: (redis, key) => redis.hgetall(key),
  held: async (redis, key) => (await redis.smembers(key)).sort(),
  effect: (redis, key) => redis.hmget(key, 'state', 'occurrence', 'wf', 'task', 'input', 'receipt'),
  view: (redis, key) => redis.hmget(key, 'version', 'status'),
  ended: scores,
  workflows: async (redis, key) => (await redis.zrange(key, '0', '-1')).sort(),
  tombstone: (redis, key) => redis.hmget(key, 'digest', 'version', 'status', 'result'),
};

async function valuesOf(redis: Redis, key: string, count: number): Promise<string[][]> {
  const entries = await redis.xrange(key, '-', '+');
  return entries.map(([, fields]) => fields.filter((_, i) => i % 2 === 1).slice(0, count));
}

async function scores(redis: Redis, key: string): Promise<Record<string, string>> {
  const flat = await redis.zrange(key, '0', '-1', 'WITHSCORES');
  const members = flat.filter((_, at) => at % 2 === 0);
  return Object.fromEntries(members.map((member, at) => [member, flat[2 * at + 1] ?? '']));
}
