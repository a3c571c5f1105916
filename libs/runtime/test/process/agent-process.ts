import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually, freePort } from '@lockstep/testing';

const MAIN = join(import.meta.dirname, 'gated-agent.mjs');

/** The service of an agent in a process of its own. */
export class AgentProcess {
  private output = '';
  private readonly exited: Promise<unknown[]>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.exited = once(child, 'exit');
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (text: Buffer) => (this.output += text.toString()));
    }
  }

  static async start(settings: Readonly<Record<string, string>>): Promise<AgentProcess> {
    const port = String(await freePort());
    const env = {
      ...process.env,
      LOCKSTEP_HTTP_PORT: port,
      LOCKSTEP_LOG_LEVEL: 'warn',
      ...settings,
    };
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    return new AgentProcess(child, `http://127.0.0.1:${port}`);
  }

  /** Resolves when it takes work. */
  async ready(): Promise<this> {
    const answer = async (): Promise<boolean> => (await fetch(`${this.url}/health/ready`)).ok;
    await eventually(answer, { what: 'the agent is ready', timeoutMs: 20_000 });
    return this;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** @returns its exit status, or the signal that ended it; and what it printed */
  async ended(): Promise<{ readonly status: unknown; readonly output: string }> {
    const [code, signal] = await this.exited;
    return { status: code ?? signal, output: this.output };
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }
}
