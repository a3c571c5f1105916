import { connectRedis, LogReader, Partitions, randomWorkflowId, Store } from '@lockstep/store';
import { evolveView, initialView, type RecordedEvent, type WorkflowId } from '@lockstep/kernel';
import { eventually } from '@lockstep/testing';
import { median } from 'simple-statistics';
import { longWalk } from '../lockstep/contracts.js';
import { PARTITIONS } from '../lockstep/installation.js';
import { startOf } from '../lockstep/start-of.js';
import { benchMain } from '../project.js';
import { type Row, rowOf } from '../report/row.js';
import { bare } from '../subjects/bare.js';
import { startService } from '../subjects/lockstep.js';
import type { Lab, Measurement } from './measurement.js';

const ID = 'replay';
const READS = 20;
const WITHIN_MS = 120_000;

/** A long history, read back: to the state, and to the next step of a worker that has just started. */
export const replay: Measurement = {
  id: ID,
  async run(lab) {
    const redis = connectRedis({ url: lab.redis.url, name: 'bench-replay' });
    const partitions = new Partitions(PARTITIONS);
    const history = new History(
      ...[lab, new Store(redis, partitions), new LogReader(redis, partitions)],
    );
    try {
      await history.write();
      const command = ['XRANGE', partitions.log(history.wf), '-', '+'];
      const once = await bare(lab.redis, ['-c', 1, '-n', READS], command, lab.signal);
      const state = await eachRound(lab, () => history.toStateMs());
      const next = await eachRound(lab, () => history.toNextStepMs());
      const row = (figure: string, value: number[], bareMs: number | null): Row => ({
        ...rowOf(
          { measurement: ID, figure, unit: 'ms', better: 'less' },
          { lockstep: value, bullmq: [] },
        ),
        bare: bareMs === null ? null : { value: bareMs, command: once.command, writesAUnit: 1 },
      });
      const events = `${lab.extent.replayed.toLocaleString('en')} events`;
      return [
        row(`${events} to state`, state, once.medianMs),
        row(`${events} to the next step`, next, null),
      ];
    } finally {
      redis.disconnect();
    }
  },
};

async function eachRound(lab: Lab, measure: () => Promise<number>): Promise<number[]> {
  const taken: number[] = [];
  for (let round = 1; round <= lab.extent.rounds; round += 1) taken.push(await measure());
  return taken;
}

/** One workflow with a long log, that waits. */
class History {
  readonly wf: WorkflowId = randomWorkflowId();
  private signals = 0;

  constructor(
    private readonly lab: Lab,
    private readonly store: Store,
    private readonly log: LogReader,
  ) {}

  async write(): Promise<void> {
    const { replayed: steps, rounds: signals } = this.lab.extent;
    await using worker = await this.worker();
    await this.store.start(startOf(this.wf, longWalk, { steps, signals }));
    await this.ends('TaskSuspended');
    await worker.stop();
  }

  /** Reads and folds the log as projector and gateway do. @returns the median of some times, unit ms */
  async toStateMs(): Promise<number> {
    const times: number[] = [];
    for (let read = 1; read <= READS; read += 1) {
      const beganMs = performance.now();
      evolveView(initialView(this.wf), await this.log.all(this.wf));
      times.push(performance.now() - beganMs);
    }
    return median(times);
  }

  /** @returns from the claim of a worker that has just started until its next step was recorded, unit ms */
  async toNextStepMs(): Promise<number> {
    await using worker = await this.worker();
    const before = (await this.last()).version;
    this.signals += 1;
    const id = String(this.signals);
    const meta = { name: 'goOn', id, version: 1 };
    await this.store.signal({ wf: this.wf, id, name: 'goOn', meta, payload: 'null' });
    await this.ends('TaskSuspended', 'WorkflowCompleted');
    await worker.stop();
    const news = await this.log.all(this.wf, before + 1);
    return atMs(news, 'StepCompleted') - atMs(news, 'TaskStarted');
  }

  private worker() {
    return startService(this.lab, 'walker', benchMain('lockstep/agents/walker'));
  }

  private async ends(...types: RecordedEvent['type'][]): Promise<void> {
    const what = `the log ends with ${types.join(' or ')}`;
    const isSo = async (): Promise<boolean> => types.includes((await this.last()).type);
    await eventually(isSo, { what, timeoutMs: WITHIN_MS });
  }

  private async last(): Promise<RecordedEvent> {
    for await (const event of this.log.readBack(this.wf)) return event;
    throw new Error(`${this.wf} has no log`);
  }
}

/** @throws Error when there is none */
function atMs(events: readonly RecordedEvent[], type: RecordedEvent['type']): number {
  const event = events.find((each) => each.type === type);
  if (!event) throw new Error(`the log has no new ${type}`);
  return event.atMs;
}
