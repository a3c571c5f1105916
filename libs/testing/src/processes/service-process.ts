import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { eventually } from '../eventually.js';

export interface ServiceSpec {
  /** As in `orders-1`, for errors. */
  readonly name: string;
  /** The file that Node runs. */
  readonly main: string;
  /** Added to the environment of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** File of its standard output and error; what is there is kept. */
  readonly log: string;
}

/** How a process ended: by its status or by a signal; the other is null. */
export interface Exit {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

const READY_WITHIN_MS = 60_000;
const END_WITHIN_MS = 20_000;
const TAIL_LINES = 15;

/** Whatever ends this process leaves none of them behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** One service as a process of its own, from its start to its end. */
export class ServiceProcess implements AsyncDisposable {
  /** Resolves when it has ended. */
  readonly exit: Promise<Exit>;
  #url: string | undefined;

  private constructor(
    readonly spec: ServiceSpec,
    private readonly child: ChildProcess,
    private readonly logOffset: number,
  ) {
    this.exit = once(child, 'exit').then(() => ({
      status: child.exitCode,
      signal: child.signalCode,
    }));
    running.add(child);
    child.once('exit', () => running.delete(child));
  }

  /** Starts it; it may not be ready yet. */
  static async spawn(spec: ServiceSpec): Promise<ServiceProcess> {
    const output = await open(spec.log, 'a');
    const { size } = await output.stat();
    // Detached: Ctrl-C at the terminal is for whoever uses the service, not for the service.
    const child = spawn(process.execPath, ['--enable-source-maps', spec.main], {
      detached: true,
      env: { ...process.env, ...spec.env },
      stdio: ['ignore', output.fd, output.fd],
    });
    const started = new ServiceProcess(spec, child, size);
    await once(child, 'spawn').finally(() => output.close());
    return started;
  }

  /** Starts it, and waits until it is ready. @throws Error with its last lines when it ends instead */
  static async start(spec: ServiceSpec): Promise<ServiceProcess> {
    const started = await ServiceProcess.spawn(spec);
    await started.ready();
    return started;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  get wasKilled(): boolean {
    return this.child.signalCode === 'SIGKILL';
  }

  /** Its HTTP address. @throws Error before it is ready */
  get url(): string {
    if (this.#url === undefined) throw new Error(`${this.spec.name} does not listen yet`);
    return this.#url;
  }

  /** Waits until it says that it can work. @throws Error with its last lines when it ends or is late */
  async ready(): Promise<void> {
    const { name } = this.spec;
    const readyOrEnded = async (): Promise<boolean> => !this.isRunning || this.isReady();
    try {
      await eventually(readyOrEnded, { what: `${name} is ready`, timeoutMs: READY_WITHIN_MS });
    } catch (cause) {
      throw new Error(`${name} was not ready in time:\n${await this.tail()}`, { cause });
    }
    if (!this.isRunning)
      throw new Error(`${name} ended before it was ready:\n${await this.tail()}`);
  }

  /** Whether it says that it can work. @throws Error when it does not answer */
  async isReady(): Promise<boolean> {
    this.#url ??= await this.listeningUrl();
    if (this.#url === undefined) return false;
    const signal = AbortSignal.timeout(2000);
    return (await fetch(new URL('/health/ready', this.#url), { signal })).ok;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** Ends it at once, as a crash does. */
  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.exit;
  }

  /** Asks it to end, and waits. @throws Error with its last lines when it takes too long; it is killed then */
  async stop(): Promise<Exit> {
    this.signal('SIGTERM');
    const what = `${this.spec.name} ends after SIGTERM`;
    try {
      await eventually(() => !this.isRunning, { what, timeoutMs: END_WITHIN_MS });
    } catch (cause) {
      await this.kill();
      throw new Error(`${this.spec.name} had to be killed:\n${await this.tail()}`, { cause });
    }
    return this.exit;
  }

  /** What it logged since its start, one line each. */
  async lines(): Promise<string[]> {
    const text = (await readFile(this.spec.log)).subarray(this.logOffset).toString();
    return text.split('\n').filter((line) => line !== '');
  }

  /** Its last lines, for the error of a test. */
  async tail(): Promise<string> {
    const lines = (await this.lines()).slice(-TAIL_LINES);
    return [`--- ${this.spec.name} (${this.spec.log})`, ...lines].join('\n');
  }

  /** A metric that it serves: the sum of its samples; 0 when there is none. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(new URL('/metrics', this.url))).text();
    const samples = text.split('\n').filter((line) => line.split(/[ {]/, 1)[0] === name);
    return samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) await this.kill();
  }

  private async listeningUrl(): Promise<string | undefined> {
    const line = (await this.lines()).find((each) => each.includes('"msg":"listening"'));
    return line === undefined ? undefined : (JSON.parse(line) as { readonly url: string }).url;
  }
}
