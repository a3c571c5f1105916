import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@lockstep/testing';

const MAIN = join(import.meta.dirname, '..', 'dist', 'main.js');
const WITHIN_MS = 180_000;

/** The demonstration as a user starts it. */
class Demo {
  output = '';
  status: number | null | undefined;
  readonly #child: ChildProcess;

  constructor(...args: string[]) {
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    this.#child = spawn(process.execPath, [MAIN, ...args], { stdio: [...stdio] });
    this.#child.stdout?.on('data', (text: Buffer) => (this.output += text.toString()));
    this.#child.once('exit', (status) => (this.status = status));
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  /** Waits until it shows a text. @throws Error when it ends or takes too long */
  async shows(text: string): Promise<void> {
    const waiting = { what: `the demonstration shows "${text}"`, timeoutMs: WITHIN_MS };
    await eventually(() => this.output.includes(text) || this.status !== undefined, waiting);
    if (!this.output.includes(text)) throw new Error(`it ended with status ${this.status}`);
  }

  async ended(): Promise<number | null> {
    const waiting = { what: 'the demonstration ends', timeoutMs: WITHIN_MS };
    await eventually(() => this.status !== undefined, waiting);
    return this.status ?? null;
  }

  /** Processes that ever wrote into the run's logs. */
  async pids(): Promise<number[]> {
    const logs = /logs in (.+)/.exec(this.output)?.[1] ?? '';
    const texts = (await readdir(logs)).map((name) => readFile(join(logs, name), 'utf8'));
    const found = (await Promise.all(texts)).flatMap((text) => [...text.matchAll(/"pid":(\d+)/g)]);
    return [...new Set(found.map(([, pid]) => Number(pid)))];
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('npm start', () => {
  it(
    'proves every record exact after kills that interrupted held work (G3, G4, G5, G6)',
    async () => {
      const demo = new Demo('--exit', '--jobs', '6');
      const status = await demo.ended();
      expect(demo.output).toMatch(/digests equal +│ 6 of 6/);
      expect(demo.output).toMatch(/bank entries +│ (\d+) of \1: lost 0, doubled 0/);
      expect(demo.output).toMatch(/mails +│ 6 of 6: lost 0, doubled 0/);
      expect(demo.output).toMatch(/kills +│ \d+: [1-9]\d* interrupted held work/);
      expect(status).toBe(0);
    },
    WITHIN_MS,
  );

  it(
    'stays up until it is interrupted, and then leaves no process',
    async () => {
      const demo = new Demo('--jobs', '1', '--chaos', 'off');
      await demo.shows('curl');
      const pids = await demo.pids();
      expect(pids.filter(isAlive)).toEqual(pids);
      demo.interrupt();
      expect(await demo.ended()).toBe(0);
      expect(pids.filter(isAlive)).toEqual([]);
    },
    WITHIN_MS,
  );
});
