import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, Proxy } from '@lockstep/testing';
import { KEY, System } from './system.js';

let system: System;

beforeAll(async () => {
  system = await System.startAll();
}, 120_000);
afterAll(() => system[Symbol.asyncDispose]());

interface Shown {
  readonly version: number;
  readonly status: string;
  readonly parked: readonly { readonly reason: string }[];
}

describe('lockstep workflow start', () => {
  it('starts a workflow, whose result show tells', async () => {
    const id = await system.startWorkflow('greeting', { word: 'you' });
    await system.becomes(id, 'completed');
    const { stdout } = await system.lockstep('workflow', 'show', id);
    expect(stdout).toContain('result\t{"word":"hello you"}\n');
  });

  it('starts it once for a command id, also from a file or standard input', async () => {
    const start = ['workflow', 'start', 'greeting', '--command-id', 'c-1', '--json'];
    const first = await system.json<{ id: string }>(...start, '--request', '{"word":"a"}');
    const again = await system.begin([...start, '--request', '-'], {}, '{"word":"a"}').done;
    expect(JSON.parse(again.stdout)).toMatchObject({ id: first.id, commandId: 'c-1' });
    const other = await system.lockstep(...start, '--request', '{"word":"b"}');
    expect(other.status).toBe(4);
    expect(other.stderr).toContain('IdempotencyConflict');
  });

  it('says which field does not fit its contract', async () => {
    const start = ['workflow', 'start', 'greeting', '--request', '{"word":7}'];
    const { status, stderr } = await system.lockstep(...start);
    expect(status).toBe(4);
    expect(stderr).toContain('  word: must be a string, came 7\n');
  });
});

describe('lockstep workflow list', () => {
  it('shows those that are asked for, a page at a time', async () => {
    const ids = [await system.startWorkflow('listening'), await system.startWorkflow('listening')];
    const list = ['workflow', 'list', '--type', 'listening', '--status', 'running', '--limit', '1'];
    const newest = async (): Promise<boolean> =>
      (await system.lockstep(...list)).stdout.startsWith(`${ids[1]!}\t`);
    await eventually(newest, { what: 'the list is projected', timeoutMs: 30_000 });
    const { stderr } = await system.lockstep(...list);
    const [, cursor = ''] = /--cursor (\S+)/.exec(stderr) ?? [];
    const next = await system.lockstep(...list, '--cursor', cursor);
    expect(next.stdout).toMatch(new RegExp(`^${ids[0]!}\tlistening\trunning\t`));
  });
});

describe('lockstep workflow show', () => {
  it('shows a workflow as it was at a version', async () => {
    const id = await system.startWorkflow('greeting', { word: 'now' });
    await system.becomes(id, 'completed');
    const past = await system.json<Shown>('workflow', 'show', id, '--at', '2');
    expect(past).toMatchObject({ version: 2, status: 'running' });
  });

  it('G7: ends with 3 for what is not there, and with 6 for who has no key', async () => {
    const unknown = await system.lockstep('workflow', 'show', 'wf-nobody');
    expect(unknown).toMatchObject({ status: 3, stdout: '' });
    expect(unknown.stderr).toContain('UnknownWorkflow');
    const stranger = await system.begin(['workflow', 'list'], { LOCKSTEP_API_KEY: '' }).done;
    expect(stranger.status).toBe(6);
    expect(stranger.stderr).not.toContain(KEY);
  });
});

describe('lockstep workflow events', () => {
  it('tells the log, a line an event, from any version on', async () => {
    const id = await system.startWorkflow('greeting', { word: 'log' });
    await system.becomes(id, 'completed');
    const { stdout } = await system.lockstep('workflow', 'events', id);
    const types = stdout.split('\n').map((line) => line.split('\t')[2]);
    expect(types.slice(0, 2)).toEqual(['WorkflowStarted', 'TaskScheduled']);
    expect(types.at(-2)).toBe('WorkflowCompleted');
    const args = ['workflow', 'events', id, '--after', '1', '--limit', '1', '--json'];
    const one = await system.lockstep(...args);
    expect(JSON.parse(one.stdout)).toMatchObject({ version: 2, data: { word: 'log' } });
  });
});

describe('lockstep workflow tail', () => {
  it('follows a workflow to its end, which it ends with', async () => {
    const id = await system.startWorkflow('listening');
    const tail = system.begin(['workflow', 'tail', id]);
    await eventually(() => tail.said.stdout.includes('TaskSuspended'), { what: 'it is told' });
    await system.json('workflow', 'signal', id, 'word', '--payload', '{"word":"go"}');
    const { status, stdout, stderr } = await tail.done;
    expect(status).toBe(0);
    expect(stderr).toBe(`${id} is completed\n`);
    const versions = stdout
      .trim()
      .split('\n')
      .map((line) => Number(line.split('\t')[0]));
    expect(versions).toEqual(versions.map((_, at) => at + 1));
  });

  it('goes on where it was when its connection broke, and tells nothing twice', async () => {
    await using way = await Proxy.to(Number(new URL(system.gatewayUrl).port));
    const id = await system.startWorkflow('listening');
    const tail = system.begin(['workflow', 'tail', id, '--url', `http://127.0.0.1:${way.port}`]);
    await eventually(() => tail.said.stdout.includes('TaskSuspended'), { what: 'it is told' });
    way.cut();
    await eventually(() => tail.said.stderr.includes('trying again'), { what: 'it is lost' });
    await system.json('workflow', 'signal', id, 'word', '--payload', '{"word":"go"}');
    way.mend();
    const { status, stdout } = await tail.done;
    expect(status).toBe(0);
    const versions = stdout
      .trim()
      .split('\n')
      .map((line) => Number(line.split('\t')[0]));
    expect(versions).toEqual(versions.map((_, at) => at + 1));
  });

  it('ends with 7 when the workflow is cancelled, also for who comes later', async () => {
    const id = await system.startWorkflow('listening');
    await system.lockstep('workflow', 'cancel', id, '--reason', 'a test', '--yes');
    expect((await system.lockstep('workflow', 'tail', id)).status).toBe(7);
    const { version } = await system.json<Shown>('workflow', 'show', id);
    const late = await system.lockstep('workflow', 'tail', id, '--after', String(version));
    expect(late).toMatchObject({ status: 7, stdout: '' });
  });

  it('ends with 130 and without a word on Ctrl-C', async () => {
    const id = await system.startWorkflow('listening');
    const tail = system.begin(['workflow', 'tail', id]);
    await eventually(() => tail.said.stdout.includes('TaskSuspended'), { what: 'it is told' });
    tail.interrupt();
    expect(await tail.done).toMatchObject({ status: 130, stderr: '' });
  });
});

describe('lockstep workflow cancel', () => {
  it('is recorded with its reason and who gave it, once for a command id', async () => {
    const id = await system.startWorkflow('listening');
    const cancel = ['workflow', 'cancel', id, '--reason', 'no longer', '--yes'];
    const first = await system.json('workflow', ...cancel.slice(1), '--command-id', 'c-2');
    const again = await system.json('workflow', ...cancel.slice(1), '--command-id', 'c-2');
    expect(again).toEqual(first);
    const { stdout } = await system.lockstep('workflow', 'events', id);
    expect(stdout).toMatch(/CancelRequested\t\tno longer, by key:[0-9a-f]{8}\n/);
  });

  it('is refused, and asks nobody, without a terminal', async () => {
    const id = await system.startWorkflow('listening');
    const { status, stderr } = await system.lockstep('workflow', 'cancel', id, '--reason', 'x');
    expect(status).toBe(2);
    expect(stderr).toContain('--yes');
    await system.becomes(id, 'running');
  });

  it('is refused for a workflow that has changed since it was looked at', async () => {
    const id = await system.startWorkflow('listening');
    const args = ['cancel', id, '--reason', 'x', '--yes', '--if-version', '1'];
    expect(await system.lockstep('workflow', ...args)).toMatchObject({ status: 4 });
  });
});

describe('lockstep workflow rollback', () => {
  /** A workflow that has filed its word twice, and waits. */
  async function filed(word: string): Promise<string> {
    const id = await system.startWorkflow('filing', { word });
    const isFiled = async (): Promise<boolean> =>
      (await system.lockstep('workflow', 'events', id)).stdout.includes('\tTaskSuspended\t');
    await eventually(isFiled, { what: `${word} is filed`, timeoutMs: 30_000 });
    return id;
  }
  const left = (word: string): boolean[] => [system.has(`${word}-1`), system.has(`${word}-2`)];

  it('undoes what was done, and ends it as failed, which tail ends with', async () => {
    const id = await filed('deed');
    expect(left('deed')).toEqual([true, true]);
    await system.json('workflow', 'rollback', id, '--reason', 'forged', '--yes');
    expect((await system.lockstep('workflow', 'tail', id)).status).toBe(1);
    expect(left('deed')).toEqual([false, false]);
    const { stdout } = await system.lockstep('workflow', 'show', id);
    expect(stdout).toMatch(/rolled back\tforged, by key:\w+: 2 effects undone, 0 left\n/);
  });

  it('lets stand what came before a savepoint', async () => {
    const id = await filed('will');
    const rollback = ['workflow', 'rollback', id, '--reason', 'half forged', '--to', 'filed'];
    await system.json(...rollback, '--yes');
    await system.becomes(id, 'failed');
    expect(left('will')).toEqual([true, false]);
  });

  it('is what cancel does too, unless it is told to let it stand', async () => {
    const [id, other] = [await filed('note'), await filed('memo')];
    await system.json('workflow', 'cancel', id, '--reason', 'x', '--yes');
    await system.json('workflow', 'cancel', other, '--reason', 'x', '--yes', '--no-rollback');
    await system.becomes(id, 'cancelled');
    await system.becomes(other, 'cancelled');
    expect([left('note'), left('memo')]).toEqual([
      [false, false],
      [true, true],
    ]);
  });
});

describe('lockstep workflow park', () => {
  it('holds a workflow, which says who holds it and why, and resume sends it on', async () => {
    const id = await system.startWorkflow('listening');
    await system.json('workflow', 'park', id, '--reason', 'an audit');
    await system.becomes(id, 'parked');
    const { stdout } = await system.lockstep('workflow', 'show', id);
    expect(stdout).toMatch(/held\tan audit, by key:\w+\n/);
    expect(stdout).toContain(`workflow resume ${id}`);
    await system.json('workflow', 'resume', id, '--reason', 'all is well');
    await system.becomes(id, 'running');
  });
});

describe('lockstep workflow skip', () => {
  it('gives what failed its result, and the task goes on', async () => {
    const id = await system.startWorkflow('fetching', { word: 'grail' });
    await system.becomes(id, 'parked');
    const skip = ['workflow', 'skip', id, 'r', '--reason', 'found elsewhere', '--yes'];
    await system.json(...skip, '--value', '{"word":"a cup"}');
    await system.becomes(id, 'completed');
    const { stdout } = await system.lockstep('workflow', 'show', id);
    expect(stdout).toContain('result\t{"word":"a cup"}\n');
  });
});
