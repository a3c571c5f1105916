import { describe, expect, it } from '@jest/globals';
import { freePort } from '@lockstep/testing';
import { EXIT } from '../src/exit/exit-codes.js';
import { run } from '../src/run.js';
import { CannedGateway } from './canned-gateway.js';
import { fakeShell } from './fake-shell.js';

const LIST = ['workflow', 'list'];

const AGAIN = ['--verdict', 'probe-again'];

describe('a command that the gateway refuses', () => {
  it.each([
    [400, 'InvalidRequest', EXIT.usage],
    [401, 'Unauthorized', EXIT.unauthorized],
    [404, 'UnknownWorkflow', EXIT.notFound],
    [404, 'UnknownRoute', EXIT.failed],
    [409, 'WorkflowEnded', EXIT.refused],
    [412, 'VersionMismatch', EXIT.refused],
    [422, 'ContractViolation', EXIT.refused],
    [500, 'InternalError', EXIT.failed],
    [503, 'StoreUnavailable', EXIT.unreachable],
  ])('with status %i, %s, ends with %i', async (status, code, exit) => {
    await using gateway = await CannedGateway.refusing(status, code);
    const shell = fakeShell();
    expect(await run([...LIST, '--url', gateway.url], shell)).toBe(exit);
    expect(shell.said.stderr).toContain(`error: no: ${code} (${code}, request q-1)`);
    expect(shell.said.stdout).toBe('');
  });

  it('says each field, what was expected there and what came, and the way out', async () => {
    const fields = [{ path: 'orderId', expected: 'must be a string', came: '7' }];
    await using gateway = await CannedGateway.refusing(401, 'Unauthorized', { fields });
    const shell = fakeShell();
    await run([...LIST, '--url', gateway.url], shell);
    expect(shell.said.stderr).toContain('  orderId: must be a string, came 7\n');
    expect(shell.said.stderr).toContain('LOCKSTEP_API_KEY');
  });

  it('says it as one line of JSON when JSON was asked for', async () => {
    await using gateway = await CannedGateway.refusing(409, 'WorkflowEnded');
    const shell = fakeShell();
    await run([...LIST, '--json', '--url', gateway.url], shell);
    expect(JSON.parse(shell.said.stderr)).toMatchObject({ code: 'WorkflowEnded', status: 409 });
  });
});

describe('a command without a gateway', () => {
  it('ends with 5, and says where it looked and what to do', async () => {
    const shell = fakeShell();
    const url = `http://127.0.0.1:${await freePort()}`;
    expect(await run([...LIST, '--url', url], shell)).toBe(EXIT.unreachable);
    expect(shell.said.stderr).toContain(`the gateway at ${url} does not answer`);
    expect(shell.said.stderr).toContain('--url');
  });

  it('says so when something else answers there', async () => {
    const page = { status: 502, body: 'Bad gateway', type: 'text/html' };
    await using proxy = await CannedGateway.answering(page);
    const shell = fakeShell();
    expect(await run([...LIST, '--url', proxy.url], shell)).toBe(EXIT.unreachable);
    expect(shell.said.stderr).toContain('no gateway (status 502)');
  });

  it('names the id to repeat a command under, for whether it was done is not known', async () => {
    const shell = fakeShell();
    const url = `http://127.0.0.1:${await freePort()}`;
    const args = ['workflow', 'start', 'job', '--command-id', 'c-7', '--url', url];
    expect(await run(args, shell)).toBe(EXIT.unreachable);
    expect(shell.said.stderr).toContain('repeat it with --command-id c-7');
  });
});

describe('a command that the gateway answers', () => {
  it.each([
    [404, 'UnknownRoute', false],
    [409, 'WorkflowEnded', false],
    [500, 'InternalError', true],
    [503, 'StoreUnavailable', true],
  ])('with status %i, %s, is to be repeated: %s', async (status, code, isOpen) => {
    await using gateway = await CannedGateway.refusing(status, code);
    const shell = fakeShell();
    await run(['workflow', 'start', 'job', '--url', gateway.url], shell);
    expect(shell.said.stderr.includes('--command-id')).toBe(isOpen);
  });
});

describe('a command line that does not fit', () => {
  it.each([
    [['workflow']],
    [['workflows', 'list']],
    [['workflow', 'show']],
    [['workflow', 'list', '--statsu', 'parked']],
    [['workflow', 'list', '--status', 'asleep']],
    [['workflow', 'list', '--limit', '0']],
    [['workflow', 'show', 'wf-1', '--at', '1.5']],
    [['workflow', 'cancel', 'wf-1', '--yes']],
    [['workflow', 'list', '--url', 'not an address']],
    [['workflow', 'start', 'job', '--request', '{']],
    [['workflow', 'start', 'job', '--request', '@/nowhere/at/all']],
    [['dead', 'redrive', 'wf-1', 'r']],
    [['effect', 'settle', 'wf-1', 'r', '2', '--verdict', 'probe-again']],
    [['effect', 'settle', 'wf-1', 'r', '2', '--reason', 'y', '--verdict', 'happened']],
    [[...['effect', 'settle', 'wf-1', 'r', '2', '--reason', 'y'], ...AGAIN, '--receipt', '{}']],
    [['effect', 'settle', 'wf-1', 'r', 'two', '--reason', 'y', ...AGAIN]],
  ])('as in %j, ends with 2 and says why, before anything is asked', async (args) => {
    const shell = fakeShell();
    expect(await run(args, shell)).toBe(EXIT.usage);
    expect(shell.said.stderr).not.toBe('');
    expect(shell.said.stdout).toBe('');
  });

  it('is told what is nearest to it', async () => {
    const shell = fakeShell();
    await run(['workflow', 'lst'], shell);
    expect(shell.said.stderr).toContain('Did you mean list?');
  });

  it('is no error when it asks for help or the version', async () => {
    const shell = fakeShell();
    expect(await run(['workflow', 'tail', '--help'], shell)).toBe(EXIT.ok);
    expect(shell.said.stdout).toContain('Usage: lockstep workflow tail');
    expect(await run(['--version'], shell)).toBe(EXIT.ok);
  });
});
