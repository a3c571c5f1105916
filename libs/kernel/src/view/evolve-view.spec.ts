import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HISTORIES, logOf, WF } from '../../test/histories.js';
import { evolveView, stateAt } from './evolve-view.js';
import { initialView, parseView, viewJson } from './workflow-view.js';

function deeplyFrozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(deeplyFrozen);
  return Object.freeze(value);
}

describe('a view', () => {
  it('G8: has the same bytes however its fold was cut, stored and overlapped', () => {
    const history = fc.constantFrom(...HISTORIES).map((told) => logOf(...told));
    fc.assert(
      fc.property(history, fc.nat(30), fc.nat(30), (events, cut, overlap) => {
        const whole = viewJson(evolveView(initialView(WF), events));
        const first = viewJson(evolveView(initialView(WF), events.slice(0, cut)));
        const rest = events.slice(Math.max(0, cut - overlap));
        expect(viewJson(evolveView(parseView(first)!, rest))).toBe(whole);
      }),
    );
  });

  it('is not read when another release laid it out', () => {
    const { layout, ...view } = initialView(WF);
    expect(parseView(JSON.stringify({ ...view, layout: layout + 1 }))).toBeNull();
    expect(parseView(JSON.stringify(view))).toBeNull();
  });

  it('G8: stays as it was when another is folded from it', () => {
    for (const told of HISTORIES) {
      const events = logOf(...told);
      for (const cut of events.keys()) {
        const before = deeplyFrozen(evolveView(initialView(WF), events.slice(0, cut)));
        expect(() => evolveView(before, events)).not.toThrow();
      }
    }
  });

  it('G8: is at a version what it was then', () => {
    for (const told of HISTORIES) {
      const events = logOf(...told);
      let view = initialView(WF);
      for (const event of events) {
        view = evolveView(view, [event]);
        expect(viewJson(stateAt(WF, events, event.version))).toBe(viewJson(view));
      }
    }
  });
});
