// Random histories: which calls are made, and in which order.

import fc from 'fast-check';
import { appendCall } from './calls/append.js';
import { claimCall, startCall } from './calls/execution.js';
import { compensateCall, ledgerCall } from './calls/ledger.js';
import {
  cancelCall,
  parkCall,
  resumeCall,
  rollbackCall,
  signalCall,
  type Decides,
} from './calls/people.js';
import { SIGNALS, WORKERS, WORKFLOWS } from './calls/picks.js';
import { leaseCall, projectCall, trimCall } from './calls/projection.js';
import { beatCall, fireCall, passCall, reapCall } from './calls/recovery.js';
import { retireCall } from './calls/retirement.js';
import type { Call, Run } from './run.js';

const LEASE_MS = 5000;

/** One place in a history: a call of what can be called there, if anything can. */
export class Place {
  private made: Call | undefined;

  constructor(
    private readonly name: string,
    private readonly callOf: (run: Run) => Call | undefined,
  ) {}

  async make(run: Run): Promise<void> {
    this.made = this.callOf(run);
    if (this.made) await run.make(this.made);
  }

  toString(): string {
    return this.made ? `\n${this.name} ${JSON.stringify(this.made.args)}` : `\n(${this.name})`;
  }
}

const nat = (max: number) => fc.nat({ max });
const worker = fc.constantFrom(...WORKERS);
const wf = fc.constantFrom(...WORKFLOWS, WORKFLOWS[0], WORKFLOWS[0]);
const rarely = fc.integer({ min: 0, max: 5 }).map((n) => n === 0);

function place<P>(
  name: string,
  picks: fc.Arbitrary<P>,
  callOf: (run: Run, picks: P) => Call | undefined,
): fc.Arbitrary<Place> {
  return picks.map((p) => new Place(name, (run) => callOf(run, p)));
}

const start = place(
  'start',
  fc.record({ wf, digest: rarely.map((other) => (other ? 'd2' : 'd')) }),
  (run, p) => startCall(run, p.wf, p.digest),
);
const claim = place(
  'claim',
  fc.record({ at: nat(3), worker, old: rarely, deadlineMs: fc.constantFrom(1000, 5000) }),
  claimCall,
);
const ITEMS = [
  ...['step', 'call', 'call', 'timer', 'write', 'write', 'race', 'take'],
  ...['intend', 'intend', 'commit', 'give-up'],
];
const RELEASES = [
  ...['', '', '', '', '', 'suspended', 'suspended', 'suspended', 'completed', 'completed'],
  ...[
    'failed',
    'failed',
    'rolled-back',
    'rolled-back',
    'handed-off',
    'parked',
    'queued',
    'cancelled',
  ],
];
const RIGHT = fc.constant(1);
const OFTEN_RIGHT = fc.oneof({ weight: 6, arbitrary: RIGHT }, { weight: 1, arbitrary: nat(2) });
const appendOf = (releases: readonly string[], step: fc.Arbitrary<number>): fc.Arbitrary<Place> =>
  place(
    'append',
    fc.record({
      ended: rarely,
      claim: nat(3),
      step,
      items: fc.array(fc.constantFrom(...ITEMS), { maxLength: 3 }),
      release: fc.constantFrom(...releases),
      behind: fc.constantFrom(0, 0, 0, 2),
      nth: nat(5),
    }),
    appendCall,
  );
const append = appendOf(RELEASES, OFTEN_RIGHT);
const signal = place(
  'signal',
  fc.record({ wf, id: nat(3), name: fc.constantFrom(...SIGNALS) }),
  signalCall,
);
const cancel = place('cancel', fc.record({ wf, id: nat(2) }), cancelCall);
const rollback = place(
  'rollback',
  fc.record({ wf, id: nat(2), to: fc.constantFrom(0, 0, 5, 9) }),
  rollbackCall,
);
const park = place('park', fc.record({ wf, id: nat(6) }), parkCall);
const resume = place(
  'resume',
  fc.record({
    ...{ wf, id: nat(6), stale: rarely, all: fc.boolean(), nth: nat(3) },
    of: fc.constantFrom<Decides>('tasks', 'tasks', 'held', 'both'),
  }),
  resumeCall,
);
const beat = place(
  'heartbeat',
  fc.record({
    worker,
    step: fc.constantFrom(1, 1, 1, 0, -1),
    leaseMs: fc.constantFrom(LEASE_MS, LEASE_MS, LEASE_MS, LEASE_MS, 0),
    forgets: fc.constantFrom(9, 9, 0),
    onTheWay: rarely,
    wrong: rarely,
  }),
  beatCall,
);
const reap = place(
  'reap',
  fc.record({
    limit: fc.constantFrom(1, 9),
    gone: fc.constantFrom([], [], ['w1'], ['w2', 'w3'], ['w1', 'w2']),
  }),
  reapCall,
);
const fire = place('fire', fc.constantFrom(1, 9), fireCall);
const pass = place('pass', fc.constantFrom(1, 500, 500, 1000, 2000, 2000, 30_000, -1000), passCall);
const ledger = place(
  'ledger',
  fc.record({
    does: fc.constantFrom('reserve', 'reserve', 'release', 'release', 'commit'),
    claim: fc.constantFrom(0, 0, 1, 1, 2, 3),
    key: fc.constantFrom(0, 0, 0, 1),
    variant: fc.constantFrom(0, 0, 0, 1),
  }),
  ledgerCall,
);
const compensate = place(
  'compensate',
  fc.record({
    claim: fc.constantFrom(0, 0, 2),
    key: fc.constantFrom(0, 0, 0, 1),
    occurrence: fc.constantFrom(1, 1, 2),
    to: fc.constantFrom('compensating', 'compensated'),
  }),
  compensateCall,
);
const owner = fc.constantFrom('p1', 'p2');
const lease = place(
  'lease',
  fc.record({ owner, leaseMs: fc.constantFrom(3000, 3000, 0) }),
  leaseCall,
);
const project = place(
  'project',
  fc.record({ owner, older: fc.constantFrom(0, 0, 1), entry: nat(4) }),
  projectCall,
);
const retire = place(
  'retire',
  fc.record({
    wf,
    keepMs: fc.constantFrom(0, 0, 0, 1000),
    tombstoneMs: fc.constantFrom(3_600_000, 3_600_000, 0),
    missed: fc.constantFrom(0, 0, 0, 0, 1),
    late: fc.constantFrom(0, 0, 0, 0, 1),
  }),
  retireCall,
);
const trim = place('trim', fc.constant(0), trimCall);
/** Any earlier call once more, to the byte: its reply was lost, or it was held up on its way. */
const again = place('again', nat(40), (run, at) => run.history[run.history.length - 1 - at]);

const weights = new Map<fc.Arbitrary<Place>, number>([
  [claim, 16],
  [append, 34],
  [beat, 8],
  [signal, 4],
  [resume, 4],
  [cancel, 1],
  [rollback, 1],
  [park, 2],
  [reap, 3],
  [fire, 4],
  [pass, 5],
  [ledger, 8],
  [compensate, 3],
  [lease, 2],
  [project, 4],
  [trim, 1],
  [retire, 4],
  [start, 2],
  [again, 14],
]);
const oneOf = (weighted: ReadonlyMap<fc.Arbitrary<Place>, number>): fc.Arbitrary<Place> =>
  fc.oneof(...[...weighted].map(([arbitrary, weight]) => ({ arbitrary, weight })));
const anyPlace = oneOf(weights);
const retiringPlace = oneOf(
  new Map([
    [claim, 10],
    [appendOf(['', 'completed', 'completed', 'suspended'], RIGHT), 16],
    [cancel, 2],
    [fire, 2],
    [pass, 2],
    [project, 10],
    [retire, 10],
    [start, 6],
    [again, 8],
  ]),
);

const begin = (name: string, callOf: (run: Run) => Call): Place => new Place(name, callOf);
const alive = (worker: string): Place =>
  begin('heartbeat', (run) =>
    beatCall(run, {
      worker,
      step: 1,
      leaseMs: LEASE_MS,
      forgets: 9,
      onTheWay: false,
      wrong: false,
    }),
  );

/** Histories of two workers and two workflows, the second of which may be started later. */
export const histories = (length: number): fc.Arbitrary<Place[]> =>
  fc
    .array(anyPlace, { minLength: 1, maxLength: length, size: 'max' })
    .map((places) => [
      ...WORKERS.map(alive),
      begin('start', (run) => startCall(run, 'wf-a', 'd')),
      ...places,
    ]);

/** Histories of short workflows which leave, and whose ids are used again. */
export const retirementHistories = (length: number): fc.Arbitrary<Place[]> =>
  fc
    .array(retiringPlace, { minLength: 1, maxLength: length, size: 'max' })
    .map((places) => [
      ...WORKERS.map(alive),
      begin('lease', (run) => leaseCall(run, { owner: 'p1', leaseMs: LEASE_MS })),
      begin('start', (run) => startCall(run, 'wf-a', 'd')),
      ...places,
    ]);

/** Histories of one effect's entry. */
export const ledgerHistories = (length: number): fc.Arbitrary<Place[]> =>
  fc.array(fc.oneof(ledger, ledger, compensate, again), {
    minLength: 1,
    maxLength: length,
    size: 'max',
  });
