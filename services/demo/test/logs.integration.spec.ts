import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@lockstep/testing';
import { Installation } from './observed/installation.js';

jest.setTimeout(120_000);

interface Line {
  readonly name: string;
  readonly msg: string;
  readonly time: number;
  readonly workflow?: string;
  readonly task?: string;
  readonly traceId?: string;
  readonly spanId?: string;
}

/** Who says what of a workflow, at the least. */
const STORY = [
  'gateway: a workflow was started',
  'gateway: request completed',
  'concierge: a task is worked on',
  'notifier: a task is worked on',
  'notifier: a task was let go',
  'concierge: a task was let go',
  'projector: a view was written',
  'supervisor: the time of a workflow has come',
];

describe('the logs of an installation', () => {
  const opened = new AsyncDisposableStack();
  let installation: Installation;
  let workflows: string[];

  beforeAll(async () => {
    const env = { LOCKSTEP_LOG_LEVEL: 'debug', LOCKSTEP_RETENTION_MS: '1' };
    installation = opened.use(await Installation.start(env));
    const ends = await installation.run(3);
    workflows = ends.flatMap((end) => ('workflow' in end ? [end.workflow] : []));
  });
  afterAll(() => opened.disposeAsync());

  const all = async (): Promise<Line[]> => {
    const texts = await Promise.all(installation.running.map(([, process]) => process.lines()));
    return texts.flat().map((line) => JSON.parse(line) as Line);
  };
  const linesOf = async (workflow: string): Promise<Line[]> =>
    (await all()).filter((line) => line.workflow === workflow);
  const said = async (workflow: string): Promise<Set<string>> =>
    new Set((await linesOf(workflow)).map(({ name, msg }) => `${name}: ${msg}`));

  it('tell the way of a workflow through all services, found by its id', async () => {
    expect(workflows).toHaveLength(3);
    for (const workflow of workflows) {
      const isWhole = async (): Promise<true> => {
        expect([...(await said(workflow))]).toEqual(expect.arrayContaining(STORY));
        return true;
      };
      await eventually(isWhole, { what: `all have told of ${workflow}`, timeoutMs: 30_000 });
    }
  });

  it('have one trace for each, and a span for each of its tasks', async () => {
    const traces = new Set<string>();
    for (const workflow of workflows) {
      const lines = await linesOf(workflow);
      expect(new Set(lines.map(({ traceId }) => traceId)).size).toBe(1);
      traces.add(lines[0]?.traceId ?? '');
      const spans = new Set(lines.map(({ task, spanId }) => `${task ?? ''} ${spanId ?? ''}`));
      const tasks = new Set(lines.map(({ task }) => task ?? ''));
      expect(spans.size).toBe(tasks.size);
    }
    expect(traces.size).toBe(workflows.length);
  });
});
