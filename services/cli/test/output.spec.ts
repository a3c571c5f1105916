import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { run } from '../src/run.js';
import { CannedGateway } from './canned-gateway.js';
import { fakeShell, type Surroundings } from './fake-shell.js';

const startedAtMs = Date.UTC(2026, 0, 2, 3, 4, 5);
const LIST = {
  workflows: [
    { id: 'wf-1', type: 'refund', status: 'parked', version: 7, startedAtMs },
    { id: 'wf-20', type: 'order', status: 'running', version: 12, startedAtMs },
  ],
  next: '17_wf-20',
};
const ESCAPE = '\u001b';

async function said(args: string[], body: unknown, around?: Surroundings) {
  await using gateway = await CannedGateway.answering({ status: 200, body });
  const shell = fakeShell(around);
  await run([...args, '--url', gateway.url], shell);
  return shell.said;
}

const list = (around?: Surroundings, ...more: string[]) =>
  said(['workflow', 'list', ...more], LIST, around);

describe('a list', () => {
  it('is a table with names and colours at a terminal', async () => {
    const { stdout } = await list({ isTerminal: true });
    const plain = stripVTControlCharacters(stdout).split('\n');
    expect(stdout).toContain(ESCAPE);
    expect(plain[0]).toMatch(/^WORKFLOW {2}TYPE {4}STATUS {3}VERSION {2}STARTED$/);
    expect(plain[1]).toMatch(/^wf-1 {6}refund {2}parked {3}7 {8}\d+d ago$/);
  });

  it('is a line a row in a pipe: tabs between, whole times, no names, no colours', async () => {
    const { stdout } = await list();
    expect(stdout).toBe(
      'wf-1\trefund\tparked\t7\t2026-01-02T03:04:05.000Z\n' +
        'wf-20\torder\trunning\t12\t2026-01-02T03:04:05.000Z\n',
    );
  });

  it('is what the gateway answered when JSON is asked for, also at a terminal', async () => {
    const { stdout, stderr } = await list({ isTerminal: true }, '--json');
    expect(JSON.parse(stdout)).toEqual(LIST);
    expect(stderr).toBe('');
  });

  it('says how to come to the next page, beside the output', async () => {
    expect((await list()).stderr).toContain('--cursor 17_wf-20');
  });

  it('that is empty says so at a terminal, and nothing in a pipe', async () => {
    const empty = { workflows: [], next: null };
    const args = ['workflow', 'list'];
    expect((await said(args, empty, { isTerminal: true })).stdout).toBe('no workflows\n');
    expect(await said(args, empty)).toMatchObject({ stdout: '', stderr: '' });
  });

  it('keeps what an error message holds out of the terminal’s control', async () => {
    const message = `one\ntwo${ESCAPE}[2J`;
    const letter = {
      id: '1-0_0_clerk',
      workflow: 'wf-1',
      task: 'r',
      group: 'g-1',
      atMs: startedAtMs,
    };
    const meta = { reason: 'Uncaught', error: [{ code: 'Boom', message }] };
    const answer = { deadLetters: [{ ...letter, meta }], next: null };
    const { stdout } = await said(['dead', 'list', '--role', 'clerk'], answer);
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stdout).not.toContain(ESCAPE);
  });
});
