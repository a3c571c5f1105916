import { describe, expect, it } from '@jest/globals';
import { EXIT } from '../src/exit/exit-codes.js';
import { run } from '../src/run.js';
import { CannedGateway } from './canned-gateway.js';
import { fakeShell } from './fake-shell.js';

const ANSWER = { status: 200, body: { id: 'wf-1', status: 'cancelled', version: 9 } };
const CANCEL = ['workflow', 'cancel', 'wf-1', '--reason', 'a test'];

describe('a command that cannot be taken back', () => {
  it('is done when the person at the terminal says yes', async () => {
    await using gateway = await CannedGateway.answering(ANSWER);
    const shell = fakeShell({ isTerminal: true, answer: true });
    expect(await run([...CANCEL, '--url', gateway.url], shell)).toBe(EXIT.ok);
    expect(shell.said.asked).toEqual(['Cancel workflow wf-1 and undo what it has done?']);
    expect(gateway.asked).toMatchObject([
      { path: '/v1/workflows/wf-1/cancel', body: { reason: 'a test', rollback: true } },
    ]);
  });

  it('is not done when the person says no', async () => {
    await using gateway = await CannedGateway.answering(ANSWER);
    const shell = fakeShell({ isTerminal: true, answer: false });
    expect(await run([...CANCEL, '--url', gateway.url], shell)).toBe(EXIT.failed);
    expect(shell.said.stderr).toContain('nothing was done');
    expect(gateway.asked).toEqual([]);
  });

  it('is refused without a terminal, and done with --yes', async () => {
    await using gateway = await CannedGateway.answering(ANSWER);
    const shell = fakeShell();
    expect(await run([...CANCEL, '--url', gateway.url], shell)).toBe(EXIT.usage);
    expect(shell.said.stderr).toContain('--yes');
    expect(gateway.asked).toEqual([]);
    expect(await run([...CANCEL, '--yes', '--url', gateway.url], shell)).toBe(EXIT.ok);
    expect(shell.said.asked).toEqual([]);
  });
});

describe('a command that changes something', () => {
  it('names itself with an id of its own, and tells it', async () => {
    await using gateway = await CannedGateway.answering(ANSWER);
    const shell = fakeShell();
    await run([...CANCEL, '--yes', '--json', '--url', gateway.url], shell);
    const { commandId } = JSON.parse(shell.said.stdout) as { commandId: string };
    expect(gateway.asked[0]?.headers['idempotency-key']).toBe(commandId);
    expect(commandId).toMatch(/^[\w-]{36}$/);
  });

  it('is sent under the id that it is given, and for the version that was seen', async () => {
    await using gateway = await CannedGateway.answering(ANSWER);
    const given = ['--yes', '--command-id', 'c-7', '--if-version', '8'];
    await run([...CANCEL, ...given, '--url', gateway.url], fakeShell());
    expect(gateway.asked[0]?.headers).toMatchObject({
      'idempotency-key': 'c-7',
      'if-match': '"8"',
    });
  });

  it('carries the API key', async () => {
    await using gateway = await CannedGateway.answering(ANSWER);
    await run([...CANCEL, '--yes', '--api-key', 'k-1', '--url', gateway.url], fakeShell());
    expect(gateway.asked[0]?.headers.authorization).toBe('Bearer k-1');
  });
});
