import { expect, it } from '@jest/globals';
import { Arrivals } from './arrivals.js';

function arrivalsAt(startMs: number) {
  const clock = { nowMs: startMs };
  const arrivals = new Arrivals(() => clock.nowMs);
  const tickAt = (nowMs: number) => {
    clock.nowMs = nowMs;
    arrivals.tick();
  };
  const act = (request: object) => () => {
    arrivals.mustBeFresh(request);
  };
  return { arrivals, clock, tickAt, act };
}

it('lets a request be acted on right after it was read', () => {
  const { arrivals, tickAt, act } = arrivalsAt(0);
  for (let nowMs = 100; nowMs <= 1_000; nowMs += 100) tickAt(nowMs);
  const request = {};
  arrivals.note(request);
  expect(act(request)).not.toThrow();
});

it('refuses a request that waited in this process for a second', () => {
  const { arrivals, clock, act } = arrivalsAt(0);
  const request = {};
  arrivals.note(request);
  clock.nowMs = 1_001;
  expect(act(request)).toThrow('nothing was done');
});

it('refuses what is read after a stop, before the loop has ticked again', () => {
  const { arrivals, clock, act } = arrivalsAt(0);
  clock.nowMs = 5_000;
  const request = {};
  arrivals.note(request);
  expect(act(request)).toThrow('nothing was done');
});

it('refuses what is read after a stop, though the loop has ticked and accepted since', () => {
  const { arrivals, tickAt, act } = arrivalsAt(0);
  tickAt(100);
  tickAt(5_000);
  tickAt(5_100);
  const request = {};
  arrivals.note(request);
  expect(act(request)).toThrow('nothing was done');
});

it('acts again once the backlog of a stop is read', () => {
  const { arrivals, tickAt, act } = arrivalsAt(0);
  for (const nowMs of [100, 5_000, 5_100, 5_200]) tickAt(nowMs);
  const request = {};
  arrivals.note(request);
  expect(act(request)).not.toThrow();
});

it('refuses a request whose arrival nobody noted', () => {
  expect(arrivalsAt(0).act({})).toThrow('nothing was done');
});
