import { describe, expect, it, jest } from '@jest/globals';
import type { RecordedEvent, WorkflowId } from '@lockstep/kernel';
import { EndedReader, TombstoneReader } from '@lockstep/store';
import { eventually, isFullRun } from '@lockstep/testing';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { Archive } from '../src/archive/archive.js';
import { readArchived } from '../src/archive/format.js';
import { retiring, type RetentionPorts } from '../src/retention/retiring.js';
import { Died, Life } from './retention/dying.js';
import { finished, project } from './retention/finished.js';
import { PARTITIONS, Stage } from './stage.js';

jest.setTimeout(isFullRun ? 600_000 : 120_000);

/** Workflows that come and go, in waves. */
const [WAVES, WAVE] = isFullRun ? [10, 1000] : [4, 500];
/** Longer than the lease of one that was killed. */
const LONG_MS = 30_000;
const TIMES = { keepMs: 0, tombstoneMs: 600_000 };
const SHORT = { LOCKSTEP_RETENTION_MS: '1', LOCKSTEP_TOMBSTONE_MS: '60000' };
const IMMORTAL = new Life(0, 'before');

const noMetrics = { retired: () => undefined, archived: () => undefined };

/** What a supervisor needs for its duty, as long as it lives. */
function portsOf(stage: Stage, folder: string | null, life = IMMORTAL): RetentionPorts {
  const { store, log, redis, partitions } = stage;
  return {
    store: life.of(store),
    ended: life.of(new EndedReader(redis, partitions)),
    log: life.of(log),
    archive: folder === null ? null : new Archive(folder, life.files()),
    metrics: noMetrics,
    retired: noMetrics.retired,
  };
}

async function rounds(ports: RetentionPorts): Promise<void> {
  const round = retiring(ports, TIMES, 'test');
  for (let partition = 0; partition < PARTITIONS; partition += 1) await round(partition);
}

/** The events of each workflow of an archive, every file of it verified. */
async function archived(folder: string): Promise<Map<WorkflowId, readonly RecordedEvent[]>> {
  const logs = new Map<WorkflowId, readonly RecordedEvent[]>();
  for await (const file of fs.glob('**/*.ndjson', { cwd: folder })) {
    const { header, events } = readArchived(await fs.readFile(join(folder, file), 'utf8'));
    expect(logs.has(header.workflow)).toBe(false);
    logs.set(header.workflow, events);
  }
  return logs;
}

async function logsOf(stage: Stage, workflows: readonly WorkflowId[]) {
  const logs = new Map<WorkflowId, readonly RecordedEvent[]>();
  for (const wf of workflows) logs.set(wf, await stage.log.all(wf));
  return logs;
}

const isHere = async ({ redis, partitions }: Stage, wf: WorkflowId): Promise<boolean> =>
  (await redis.exists(partitions.head(wf), partitions.log(wf), partitions.view(wf))) > 0;

async function allGone(stage: Stage, workflows: readonly WorkflowId[]): Promise<void> {
  for (const wf of workflows) {
    const what = `${wf} has left`;
    await eventually(async () => !(await isHere(stage, wf)), { what, timeoutMs: LONG_MS });
  }
}

/** Every key, and what all of them take. */
interface Held {
  readonly keys: readonly string[];
  readonly bytes: number;
}

async function held({ redis }: Stage): Promise<Held> {
  const keys = (await redis.keys('*')).sort();
  const usages = await Promise.all(keys.map((key) => redis.memory('USAGE', key)));
  return { keys, bytes: usages.reduce<number>((sum, usage) => sum + (usage ?? 0), 0) };
}

/** Nothing that has ended is left, and nothing of the feed that has been read. */
async function allSettled(stage: Stage): Promise<void> {
  const { redis, partitions } = stage;
  for (const partition of partitions.tags.keys()) {
    const left = async (): Promise<number> =>
      (await redis.zcard(partitions.workflows(partition))) +
      (await redis.xlen(partitions.feed(partition)));
    await eventually(async () => (await left()) <= 1, { what: 'all have left' });
  }
  const tombstones = async () => (await redis.keys('*:tombstone:*')).length;
  await eventually(async () => (await tombstones()) === 0, { what: 'no tombstone is left' });
}

describe('a finished workflow', () => {
  it('G1: is archived as its log was, then leaves, and its result is found for a while', async () => {
    await using stage = await Stage.open();
    const workflows = await finished(stage, 20);
    const logs = await logsOf(stage, workflows);
    const folder = join(stage.folder, 'archive');
    await rounds(portsOf(stage, folder));
    expect(await archived(folder)).toEqual(logs);
    const tombstones = new TombstoneReader(stage.redis, stage.partitions);
    for (const wf of workflows) {
      expect(await isHere(stage, wf)).toBe(false);
      expect(await tombstones.read(wf)).toMatchObject({ result: `{"of":"${wf}"}` });
    }
    expect(await stage.redis.zcard(stage.partitions.timers(0))).toBe(0);
  });

  it('leaves without an archive where none is set', async () => {
    await using stage = await Stage.open();
    const workflows = await finished(stage, 3);
    await rounds(portsOf(stage, null));
    await allGone(stage, workflows);
  });

  it('G1: stays when it cannot be archived', async () => {
    await using stage = await Stage.open();
    const [wf] = await finished(stage, 1);
    const blocked = join(stage.folder, 'a-file');
    await fs.writeFile(blocked, '');
    await expect(rounds(portsOf(stage, blocked))).rejects.toThrow();
    expect(await isHere(stage, wf!)).toBe(true);
  });

  it.each(['before', 'after'] as const)(
    'G1 S12: is neither lost nor archived twice when a supervisor dies right %s any call',
    async (when) => {
      await using stage = await Stage.open();
      for (let until = 1, isOver = false; !isOver; until += 1) {
        const workflows = await finished(stage, 2);
        const logs = await logsOf(stage, workflows);
        const folder = join(stage.folder, `archive-${until}`);
        const life = new Life(until, when);
        await rounds(portsOf(stage, folder, life)).catch((error: unknown) => {
          if (!(error instanceof Died)) throw error;
        });
        for (const wf of workflows) {
          const kept = (await isHere(stage, wf)) || (await archived(folder)).has(wf);
          expect(kept).toBe(true);
        }
        await rounds(portsOf(stage, folder));
        await allGone(stage, workflows);
        expect(await archived(folder)).toEqual(logs);
        isOver = !life.hasEnded;
      }
    },
  );

  it('G1: leaves once, however many supervisors there are and die', async () => {
    await using stage = await Stage.open();
    const workflows = await finished(stage, 300);
    const logs = await logsOf(stage, workflows);
    const folder = join(stage.folder, 'archive');
    const env = { ...SHORT, LOCKSTEP_ARCHIVE_DIR: folder };
    const supervisors = await Promise.all([stage.supervisor(env), stage.supervisor(env)]);
    await eventually(async () => (await archived(folder)).size > 20, { what: 'they are at it' });
    await supervisors[0].kill();
    const third = await stage.supervisor(env);
    await allGone(stage, workflows);
    expect(await archived(folder)).toEqual(logs);
    expect(await third.metric('lockstep_duty_failed_total')).toBe(0);
  });

  it('G6: leaves, and one that waits for a person stays', async () => {
    await using stage = await Stage.open();
    const parked = await (await stage.worker()).claim(await stage.start());
    await parked.fail();
    await project(stage, parked.wf);
    const workflows = await finished(stage, 3);
    await stage.supervisor(SHORT);
    await allGone(stage, workflows);
    expect(await isHere(stage, parked.wf)).toBe(true);
  });

  it('leaves nothing behind: after thousands the store holds what it held after the first', async () => {
    await using stage = await Stage.open();
    await stage.supervisor({ LOCKSTEP_RETENTION_MS: '1', LOCKSTEP_TOMBSTONE_MS: '1' });
    const counts: Held[] = [];
    for (let wave = 0; wave < WAVES; wave += 1) {
      await finished(stage, WAVE);
      await allSettled(stage);
      counts.push(await held(stage));
    }
    const [first, ...later] = counts;
    for (const { keys, bytes } of later) {
      expect(keys).toEqual(first!.keys);
      expect(bytes).toBeLessThan(first!.bytes * 1.1);
    }
  });
});
