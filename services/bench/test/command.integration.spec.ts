import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@lockstep/testing';

const MAIN = join(import.meta.dirname, '..', 'dist', 'main.js');

function bench(...args: string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

function childrenOf(pid: number): number[] {
  const list = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  const rows = list.split('\n').map((line) => line.trim().split(/\s+/).map(Number));
  return rows.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Redis, supervisor, projector and an agent, and a driver and a worker more. */
const AT_WORK = 6;

describe('npm run bench', () => {
  it('leaves no process behind when it is interrupted', async () => {
    const command = bench('--only', 'steps/16');
    const { pid = 0 } = command;
    const children = await eventually(
      () => {
        const found = childrenOf(pid);
        return found.length >= AT_WORK && found;
      },
      { what: 'its processes are at work', timeoutMs: 60_000 },
    );
    command.kill('SIGINT');
    const [status] = (await once(command, 'exit')) as [number];
    expect(status).toBe(1);
    await eventually(() => !children.some(isAlive), { what: 'its processes are gone' });
  });

  it('prints what a soak has measured when it is interrupted, and leaves no process behind', async () => {
    const out = join(await mkdtemp(join(tmpdir(), 'lockstep-bench-test-')), 'results.json');
    const command = bench('--only', 'soak', '--out', out);
    const said = { stdout: '', stderr: '' };
    command.stdout?.on('data', (text: Buffer) => (said.stdout += text.toString()));
    command.stderr?.on('data', (text: Buffer) => (said.stderr += text.toString()));
    const isAtWork = { what: 'the load has begun', timeoutMs: 60_000 };
    await eventually(() => said.stderr.includes('0.0 min:'), isAtWork);
    const children = childrenOf(command.pid ?? 0);
    command.kill('SIGINT');
    const [status] = (await once(command, 'close')) as [number];
    expect([status, said.stdout]).toEqual([0, expect.stringContaining('RSS of gateway')]);
    expect(await readFile(out, 'utf8')).toContain('"samples"');
    expect(children.length).toBeGreaterThanOrEqual(AT_WORK);
    expect(children.filter(isAlive)).toEqual([]);
    await rm(dirname(out), { recursive: true });
  });

  it('says what it does not know instead of measuring nothing', async () => {
    const command = bench('--only', 'nothing-of-the-kind');
    let said = '';
    command.stderr?.on('data', (text: Buffer) => (said += text.toString()));
    const [status] = (await once(command, 'close')) as [number];
    expect([status, said]).toEqual([1, expect.stringContaining('"nothing-of-the-kind"')]);
  });
});
