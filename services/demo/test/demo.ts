import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@lockstep/testing';

const MAIN = join(import.meta.dirname, '..', 'dist', 'main.js');

/** The demonstration as a user starts it. */
export class Demo {
  output = '';
  status: number | null | undefined;
  readonly #child: ChildProcess;

  /** @param withinMs - the time that it has for whatever is waited for */
  constructor(
    private readonly withinMs: number,
    ...args: string[]
  ) {
    const stdio = ['ignore', 'pipe', 'inherit'] as const;
    this.#child = spawn(process.execPath, [MAIN, ...args], { stdio: [...stdio] });
    this.#child.stdout?.on('data', (text: Buffer) => (this.output += text.toString()));
    this.#child.once('exit', (status) => (this.status = status));
  }

  /** A row of its table; undefined when there is none. */
  row(name: string): string | undefined {
    const row = new RegExp(`│ ${name} +│ (.+?) +│`);
    return row.exec(this.output)?.[1];
  }

  interrupt(): void {
    this.#child.kill('SIGINT');
  }

  /** Waits until it shows a text. @throws Error when it ends or takes too long */
  async shows(text: string): Promise<void> {
    const waiting = { what: `the demonstration shows "${text}"`, timeoutMs: this.withinMs };
    await eventually(() => this.output.includes(text) || this.status !== undefined, waiting);
    if (!this.output.includes(text)) throw new Error(`it ended with status ${this.status}`);
  }

  async ended(): Promise<number | null> {
    const waiting = { what: 'the demonstration ends', timeoutMs: this.withinMs };
    await eventually(() => this.status !== undefined, waiting);
    return this.status ?? null;
  }

  /** Waits for a good end. @throws Error with all that it showed when the end is another */
  async succeeds(): Promise<void> {
    const status = await this.ended();
    if (status !== 0) throw new Error(`it ended with status ${status}:\n${this.output}`);
  }

  /** Processes that ever wrote into the run's logs. */
  async pids(): Promise<number[]> {
    const logs = /logs in (.+)/.exec(this.output)?.[1] ?? '';
    const texts = (await readdir(logs)).map((name) => readFile(join(logs, name), 'utf8'));
    const found = (await Promise.all(texts)).flatMap((text) => [...text.matchAll(/"pid":(\d+)/g)]);
    return [...new Set(found.map(([, pid]) => Number(pid)))];
  }
}
