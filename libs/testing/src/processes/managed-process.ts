import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../eventually.js';

export interface ProcessSpec {
  /** As in `orders`. */
  readonly service: string;
  /** As in `orders-1`. */
  readonly name: string;
  readonly main: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
  /** Of its standard output and error; what is there is kept. */
  readonly log: string;
}

const READY_WITHIN_MS = 60_000;
const END_WITHIN_MS = 20_000;
const RESTART_AFTER_MS = 300;

/** One service process, started again whenever it ends, until it is stopped. */
export class ManagedProcess {
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #isStopped = false;
  #isToEnd = false;
  #isFrozen = false;
  #added: Readonly<Record<string, string>> = {};

  /** @param onCrash - called when it ends and nobody asked it to */
  constructor(
    readonly spec: ProcessSpec,
    private readonly onCrash: (spec: ProcessSpec, status: string) => void,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.spec.port}`;
  }

  get isFrozen(): boolean {
    return this.#isFrozen;
  }

  /** Undefined while it does not run. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    const { main, log } = this.spec;
    const env = { ...process.env, ...this.spec.env, ...this.#added };
    const output = await open(log, 'a');
    if (this.#isStopped) return output.close();
    // Detached: Ctrl-C at the terminal is for the demonstration, which then ends its processes in order.
    const child = spawn(process.execPath, ['--enable-source-maps', main], {
      detached: true,
      env,
      stdio: ['ignore', output.fd, output.fd],
    });
    this.#child = child;
    this.#ended = once(child, 'exit').then(([code, signal]) => {
      this.#onExit(String(code ?? signal));
    });
    await output.close();
  }

  /** Waits until it says that it can work, restarts included. @throws Error that names its log when it is late */
  async ready(): Promise<void> {
    const { name, log } = this.spec;
    const waiting = { what: `${name} is ready; see ${log}`, timeoutMs: READY_WITHIN_MS };
    await eventually(() => this.pid !== undefined && isReady(this.url), waiting);
  }

  /** Rejects with an Error that names its log when it ends; never resolves. */
  async ended(): Promise<never> {
    await this.#ended;
    throw new Error(`${this.spec.name} ended before it was ready; see ${this.spec.log}`);
  }

  /** Ends it at once, as a crash does; it is started again by itself. */
  kill(): void {
    this.#isToEnd = true;
    this.#child?.kill('SIGKILL');
  }

  /** Keeps it from running, its connections left open. */
  freeze(): void {
    this.#isFrozen = this.#child?.kill('SIGSTOP') ?? false;
  }

  /** Lets it go on after `freeze()`. */
  thaw(): void {
    this.#child?.kill('SIGCONT');
    this.#isFrozen = false;
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  /** Asks it to end in good order; it is started again by itself. @param env - added to its own from then on */
  replace(env: Readonly<Record<string, string>>): void {
    this.#added = { ...this.#added, ...env };
    this.#isToEnd = true;
    this.#child?.kill('SIGTERM');
  }

  /** Asks it to end, and ends it when it does not; for good. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.thaw();
    this.#child?.kill('SIGTERM');
    const late = new AbortController();
    const force = wait(END_WITHIN_MS, undefined, { signal: late.signal }).then(
      () => this.#child?.kill('SIGKILL'),
      () => undefined,
    );
    await this.#ended;
    late.abort();
    await force;
  }

  /** For when this process ends on the spot. */
  killForGood(): void {
    this.#isStopped = true;
    this.#child?.kill('SIGKILL');
  }

  #onExit(status: string): void {
    this.#child = undefined;
    this.#isFrozen = false;
    if (this.#isStopped) return;
    if (!this.#isToEnd) this.onCrash(this.spec, status);
    const delayMs = this.#isToEnd ? 0 : RESTART_AFTER_MS;
    this.#isToEnd = false;
    void wait(delayMs).then(() => (this.#isStopped ? undefined : this.start()));
  }
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(new URL('/health/ready', url), {
    signal: AbortSignal.timeout(2_000),
  });
  return response.ok;
}
