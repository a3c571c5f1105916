import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PROJECT } from './compile-modules.js';
import { ServiceProcess } from './service-process.js';

type Env = Readonly<Record<string, string>>;

const COMPILE_CACHE = join(PROJECT, '.lockstep', 'compile-cache');

/** The services of one test as processes: numbered as they start, their logs in one folder, ended together. */
export class ServiceGroup implements AsyncDisposable {
  private readonly started: ServiceProcess[] = [];
  private count = 0;

  private constructor(
    private readonly logs: string,
    private readonly env: Env,
  ) {}

  /** @param env - what each process has in its environment */
  static async of(env: Env): Promise<ServiceGroup> {
    return new ServiceGroup(await mkdtemp(join(tmpdir(), 'lockstep-services-')), env);
  }

  /** In the order of their start, also those that have ended. */
  get all(): readonly ServiceProcess[] {
    return this.started;
  }

  /** A process of the project's own, by its folder in `services`; it is ready. */
  service(folder: string, env: Env = {}): Promise<ServiceProcess> {
    return this.start(basename(folder), join(PROJECT, 'services', folder, 'dist', 'main.js'), env);
  }

  /** Starts a process, and waits until it is ready. */
  async start(name: string, main: string, env: Env = {}): Promise<ServiceProcess> {
    const service = await this.spawn(name, main, env);
    await service.ready();
    return service;
  }

  /** Starts a process; it may not be ready yet. */
  async spawn(name: string, main: string, env: Env = {}): Promise<ServiceProcess> {
    this.count += 1;
    const numbered = `${name}-${this.count}`;
    const service = await ServiceProcess.spawn({
      ...{ name: numbered, main, log: join(this.logs, `${numbered}.log`) },
      env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...this.env, ...env },
    });
    this.started.push(service);
    return service;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.started.map((each) => each[Symbol.asyncDispose]()));
    await rm(this.logs, { recursive: true });
  }
}
