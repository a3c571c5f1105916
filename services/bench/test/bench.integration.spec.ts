import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isFullRun } from '@lockstep/testing';
import { openLab } from '../src/lab.js';
import { MEASUREMENTS } from '../src/measurements/all.js';
import type { Extent } from '../src/measurements/measurement.js';
import type { Row } from '../src/report/row.js';

/** As little as goes through everything; what comes out of it says nothing. */
const TINY: Extent = {
  ...{ rounds: 1, windowMs: 50, warmUpMs: 20 },
  ...{ bareRequests: 1000, jobs: 20, jobsBefore: 5, replayed: 50 },
  soakMs: 2500,
};

const OF_ONE_WORKFLOW = /^(log|wf|waits|view|tombstone|effect|held|list|unsettled)$/;

// A job that is lost keeps its driver from ending, and its measurement with it.
describe('the benchmark', () => {
  let logs: string;
  let details: object = {};
  beforeAll(async () => {
    logs = await mkdtemp(join(tmpdir(), 'lockstep-bench-test-'));
  });
  afterAll(() => rm(logs, { recursive: true }));

  const run = async (id: string): Promise<readonly Row[]> => {
    const measurement = MEASUREMENTS.find((each) => each.id === id);
    const { signal } = new AbortController();
    await using lab = await openLab({
      ...{ fsync: 'everysec', extent: TINY, logs, signal },
      keep: (told) => (details = told),
    });
    return (await measurement?.run(lab)) ?? [];
  };

  it.each(['steps/latency', 'handoff/load', 'fan-out/load', 'recovery'])(
    'has figures of both systems for %s, all jobs ended',
    async (id) => {
      const rows = (await run(id)).filter(({ figure }) => figure !== 'events');
      const figures = rows.flatMap(({ lockstep, bullmq }) => [lockstep, bullmq]);
      expect(figures.length).toBeGreaterThan(0);
      expect(figures.filter((figure) => !Number.isFinite(figure))).toEqual([]);
    },
  );

  it('counts one event a step, beside what Redis alone can write', async () => {
    const [steps, events] = await run('steps/16');
    expect([events?.figure, events?.lockstep]).toEqual(['events', steps?.lockstep]);
    expect(steps?.bare?.command).toContain('XADD');
    expect(steps?.bare?.value).toBeGreaterThan(0);
  });

  it('tells the memory of a workflow of either, and of an event', async () => {
    const [workflow, event] = await run('memory');
    expect([workflow?.lockstep, workflow?.bullmq]).toEqual([
      expect.any(Number),
      expect.any(Number),
    ]);
    expect([event?.lockstep, event?.bullmq]).toEqual([expect.any(Number), null]);
  });

  it('tells what a step costs with metrics and without, and how sure that is', async () => {
    const rows = await run('metrics');
    expect(rows.map(({ unit }) => unit)).toEqual(['µs', 'µs', 'ms', '%', '%', '%']);
    const [, , , median, least, most] = rows.map(({ lockstep }) => lockstep ?? NaN);
    expect(least).toBeLessThanOrEqual(median ?? NaN);
    expect(median).toBeLessThanOrEqual(most ?? NaN);
  });

  const inFull = isFullRun ? it : it.skip;
  inFull('tells what a step costs with one, two and four processes of a role', async () => {
    const rows = await run('replicas');
    const ids = [...new Set(rows.map(({ measurement }) => measurement))];
    expect(ids).toEqual(['replicas/1', 'replicas/2', 'replicas/4']);
    expect(rows.filter(({ lockstep }) => !Number.isFinite(lockstep))).toEqual([]);
    expect(rows.map(({ figure }) => figure)).toContain('CPU a step, the busiest worker');
  });

  it('soaks a whole installation: nothing fails, and every workflow leaves Redis', async () => {
    const rows = await run('soak');
    const figure = (name: string) => rows.find((row) => row.figure === name)?.lockstep;
    expect(figure('completed')).toBeGreaterThan(0);
    expect([figure('failed'), figure('have not left')]).toEqual([0, 0]);
    expect(figure('RSS of gateway, 100 %')).toBeGreaterThan(0);
    const left = Object.keys((details as { readonly left: object }).left);
    expect(left).not.toEqual(expect.arrayContaining([expect.stringMatching(OF_ONE_WORKFLOW)]));
  });

  it('replays a history to its state, and to the next step of a new worker', async () => {
    const rows = await run('replay');
    expect(rows.map(({ lockstep }) => Number.isFinite(lockstep))).toEqual([true, true]);
  });
});
