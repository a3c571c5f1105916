import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from '../canonical/canonical-json.js';
import type { MergeRule, RecordedEvent, TaskId } from '../events/event.js';
import {
  applyState,
  fieldVersion,
  foldState,
  initialState,
  mergesOfLog,
  type State,
} from './shared-state.js';

const changed = (version: number, change: object): RecordedEvent => ({
  type: 'StateChanged',
  task: 'r' as TaskId,
  op: 1,
  meta: { fields: Object.keys(change) },
  data: JSON.stringify(change),
  version,
  epoch: 1,
  atMs: 0,
});

const changes = (...values: readonly object[]): RecordedEvent[] =>
  values.map((value, at) => changed(at + 1, value));

/** The field `f` after these writes under a merge. */
const fold = (merge: MergeRule, writes: readonly unknown[]): unknown =>
  foldState({ f: merge }, changes(...writes.map((f) => ({ f }))))['f'];

const doubles = fc.double({ noNaN: true, noDefaultInfinity: true });
const integers = fc.integer({ min: -1000, max: 1000 });
const scalars = fc.oneof(fc.string(), fc.integer(), fc.boolean());
const shuffledPair = <T>(item: fc.Arbitrary<T>) =>
  fc
    .array(item)
    .chain((a) =>
      fc.tuple(
        fc.constant(a),
        fc.shuffledSubarray(a, { minLength: a.length, maxLength: a.length }),
      ),
    );

describe('shared state', () => {
  it('starts lists as empty and sums as 0, and has nothing where a first write is awaited', () => {
    const merges = { a: 'append', u: 'union', s: 'sum', m: 'max', l: 'last' } as const;
    expect(initialState(merges)).toEqual({ a: [], u: [], s: 0 });
  });

  it('keeps the last write', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { minLength: 1 }), (writes) => {
        expect(canonicalJson(fold('last', writes))).toBe(canonicalJson(writes.at(-1)));
      }),
    );
  });

  it('appends in the order of the log, doubles kept', () => {
    expect(fold('append', [[1, 2], [], [2]])).toEqual([1, 2, 2]);
  });

  it('unites what is equal as JSON, whatever the order of its keys', () => {
    const one = { a: 1, b: [{ c: 2, d: 3 }] };
    const same = { b: [{ d: 3, c: 2 }], a: 1 };
    expect(
      fold('union', [
        [one, 1],
        [same, '1'],
      ]),
    ).toEqual([one, 1, '1']);
  });

  it('sums doubles in the order of the log', () => {
    fc.assert(
      fc.property(fc.array(doubles), (writes) => {
        const sum = writes.reduce((before, value) => before + value, 0);
        fc.pre(Number.isFinite(sum));
        expect(fold('sum', writes)).toBe(sum);
      }),
    );
    expect(fold('sum', [2 ** 53, 1, 1])).toBe(2 ** 53);
    expect(fold('sum', [1, 1, 2 ** 53])).toBe(2 ** 53 + 2);
  });

  it('stops a sum at the greatest double, since JSON knows no infinity', () => {
    expect(fold('sum', [1e308, 1e308])).toBe(Number.MAX_VALUE);
    expect(fold('sum', [-1e308, -1e308])).toBe(-Number.MAX_VALUE);
  });

  it('comes to the same sum and maximum of integers in any order', () => {
    fc.assert(
      fc.property(shuffledPair(integers), ([a, b]) => {
        expect(fold('sum', a)).toBe(fold('sum', b));
        expect(fold('max', a)).toBe(fold('max', b));
      }),
    );
  });

  it('comes to the same set by union in any order, and a repeat adds nothing', () => {
    const setOf = (writes: readonly unknown[]): string[] =>
      (fold('union', writes) as unknown[]).map(canonicalJson).sort();
    fc.assert(
      fc.property(shuffledPair(fc.array(scalars)), ([a, b]) => {
        expect(setOf(a)).toEqual(setOf([...b, ...b]));
      }),
    );
  });

  it('folds a field that no merge is known of like a last write', () => {
    expect(foldState({}, changes({ f: 1 }, { f: 2 }))).toEqual({ f: 2 });
  });

  it('G8: gives the same state however the fold is cut into pieces', () => {
    const merges = { a: 'append', u: 'union', s: 'sum', m: 'max', l: 'last' } as const;
    const change = fc.record(
      {
        a: fc.array(fc.jsonValue()),
        u: fc.array(scalars),
        s: doubles,
        m: doubles,
        l: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(change), fc.nat(), (all, cut) => {
        const events = changes(...all);
        const whole = foldState(merges, events);
        const stored = JSON.parse(JSON.stringify(foldState(merges, events, cut))) as State;
        const rest = events.filter(({ version }) => version > cut);
        const resumed = rest.reduce((state, event) => applyState(state, merges, event), stored);
        expect(canonicalJson(resumed)).toBe(canonicalJson(whole));
      }),
    );
  });

  it('G8: leaves the state that it was given as it was', () => {
    const before = Object.freeze({ a: Object.freeze([1]) as unknown as number[] });
    const after = applyState(before, { a: 'append' }, changed(1, { a: [2] }));
    expect([before, after]).toEqual([{ a: [1] }, { a: [1, 2] }]);
  });

  it('takes the merges from the log, and finds the last change of a field', () => {
    const meta = { type: 'job', version: 1, tenant: 'acme', root: 'r' as TaskId };
    const started: RecordedEvent = {
      ...changed(1, {}),
      type: 'WorkflowStarted',
      meta: { ...meta, merges: { s: 'sum' } },
    };
    const events = [started, changed(2, { s: 1 }), changed(3, { t: 1 })];
    expect(mergesOfLog(events)).toEqual({ s: 'sum' });
    expect(mergesOfLog([{ ...started, meta }])).toEqual({});
    expect([fieldVersion(events, 's'), fieldVersion(events, 'x')]).toEqual([2, 0]);
  });
});
