import { describe } from '@jest/globals';
import { type ComposeOptions, ComposeProject, isFullRun } from '@lockstep/testing';
import { type Dataset, readDataset } from '../../src/data/dataset.js';

/** What the tests' set-up has started; undefined where no engine runs. */
const started = process.env['LOCKSTEP_TEST_INSTALLATION'];

export const describeInContainers = started === undefined ? describe.skip : describe;

/** Takes minutes of its own: only with `LOCKSTEP_TEST_FULL=1`. */
export const describeAtFullLength = isFullRun ? describeInContainers : describe.skip;

/** The installation under test: its containers, its one port and a key for it. */
export class Installation {
  private constructor(
    readonly project: ComposeProject,
    readonly data: Dataset,
    readonly url: string,
    readonly key: string,
  ) {}

  /** The one that was started for all tests. */
  static async current(): Promise<Installation> {
    const { options, data } = JSON.parse(started ?? '') as {
      readonly options: ComposeOptions;
      readonly data: string;
    };
    const project = new ComposeProject(options);
    const gateway = await project.container('gateway');
    const keys = await gateway.exec('cat', '/run/secrets/gateway/api-keys');
    const url = await project.url('gateway', 8080);
    return new Installation(project, await readDataset(data), url, keys.split('=')[0]!);
  }

  /** Runs these services alone anew, on the images that the variables name, until they are ready. */
  async deployed(
    services: readonly string[],
    variables: Readonly<Record<string, string>>,
  ): Promise<void> {
    await this.project.with({ variables }).deploy(...services);
    await this.project.ready(...services);
  }

  /** Reads from the API. */
  async get<Body>(path: string): Promise<Body> {
    const headers = { authorization: `Bearer ${this.key}` };
    const answer = await fetch(new URL(path, this.url), { headers });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Body;
  }

  /** How many workflows wait for a role that no worker of lives. */
  async waitingForWorkers(): Promise<number> {
    const path = '/v1/workflows?status=running&limit=100';
    const { workflows } = await this.get<{ readonly workflows: { readonly id: string }[] }>(path);
    const standing = await Promise.all(
      workflows.map(({ id }) => this.get<Standing>(`/v1/workflows/${id}/standing`)),
    );
    return standing.filter((each) => each.standing.some(({ why }) => why === 'no-worker')).length;
  }

  /** Processes of a role that have worked on a workflow, by the random id of their start. */
  async workersOf(workflow: string, role: string): Promise<string[]> {
    const path = `/v1/workflows/${workflow}/events?limit=1000`;
    const { events } = await this.get<{ readonly events: LogEvent[] }>(path);
    const scheduled = events.filter(
      ({ type, meta }) => type === 'TaskScheduled' && meta.role === role,
    );
    const tasks = new Set(scheduled.map(({ task }) => task));
    const started = events.filter(({ type, task }) => type === 'TaskStarted' && tasks.has(task));
    return started.flatMap(({ meta }) => meta.worker ?? []);
  }
}

interface Standing {
  readonly standing: readonly { readonly why: string }[];
}

interface LogEvent {
  readonly type: string;
  readonly task: string;
  readonly meta: { readonly role?: string; readonly worker?: string };
}
