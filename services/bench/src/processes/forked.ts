import { type ChildProcess, fork, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { type BirpcReturn, createBirpc } from 'birpc';
import { COMPILE_CACHE } from '../project.js';

/** Whatever ends this process leaves none of them behind. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process of the benchmark's own, that answers what it is asked. */
export class Forked<Functions extends object> implements AsyncDisposable {
  /** What it can be asked; rejects when it ends. */
  readonly ask: BirpcReturn<Functions>;
  readonly #exit: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    main: string,
  ) {
    this.ask = createBirpc<Functions>(
      {},
      {
        post: (message: Serializable) => child.connected && child.send(message),
        on: (listener) => child.on('message', listener),
        timeout: -1,
      },
    );
    running.add(child);
    this.#exit = once(child, 'exit').then(([code, signal]) => {
      running.delete(child);
      this.ask.$close(new Error(`${main} ended with ${String(code ?? signal)}`));
    });
  }

  /**
   * @param log - file of its standard output and error
   * @param signal - kills it
   */
  static async start<Functions extends object>(
    main: string,
    log: string,
    signal: AbortSignal,
  ): Promise<Forked<Functions>> {
    const output = await open(log, 'a');
    const child = fork(main, {
      detached: true, // Ctrl-C at the terminal is for the benchmark, which ends its processes in order
      execArgv: ['--enable-source-maps'],
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE },
      serialization: 'advanced', // errors arrive whole
      stdio: ['ignore', output.fd, output.fd, 'ipc'],
    });
    const forked = new Forked<Functions>(child, main);
    signal.addEventListener('abort', forked.killed, { once: true });
    await once(child, 'spawn').finally(() => output.close());
    return forked;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  private readonly killed = (): void => {
    this.child.kill('SIGKILL');
  };

  async kill(): Promise<void> {
    this.killed();
    await this.#exit;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
