import { docker } from './docker.js';

/** How a container does, as the engine tells it. */
export interface ContainerState {
  /** As in `running`, `exited` or `paused`. */
  readonly status: string;
  /** `healthy`, `unhealthy` or `starting`; undefined when it has no health check. */
  readonly health: string | undefined;
  readonly exitCode: number;
  /** When its process began, as the engine writes it: another text after each start. */
  readonly startedAt: string;
}

interface Inspected {
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly StartedAt: string;
    readonly Health?: { readonly Status: string };
  };
}

/** How containers do at one moment, in their order. @throws Error when one of them is gone */
export async function statesOf(
  containers: readonly { readonly id: string }[],
): Promise<ContainerState[]> {
  if (containers.length === 0) return [];
  const text = await docker(['inspect', ...containers.map(({ id }) => id)]);
  return (JSON.parse(text) as Inspected[]).map(({ State }) => ({
    status: State.Status,
    health: State.Health?.Status,
    exitCode: State.ExitCode,
    startedAt: State.StartedAt,
  }));
}

/** One container of a service, and what can happen to it. */
export class Container {
  constructor(
    readonly id: string,
    /** As in `lockstep-orders-2`. */
    readonly name: string,
    readonly service: string,
  ) {}

  async state(): Promise<ContainerState> {
    const [state] = await statesOf([this]);
    if (!state) throw new RangeError(`${this.name} is gone`);
    return state;
  }

  /** Runs a command inside. @returns its output */
  exec(...command: string[]): Promise<string> {
    return docker(['exec', this.id, ...command]);
  }

  /** What it has written since it was created. */
  logs(): Promise<string> {
    return docker(['logs', this.id]);
  }

  /**
   * Kills every process inside, as a crash does, and the engine starts it again by its restart policy. (It
   * would not after `docker kill`, which it takes for a wish.)
   */
  async crash(): Promise<void> {
    await this.exec('sh', '-c', 'kill -KILL -1').catch(() => undefined); // it may die with the rest
  }

  /** Lets none of its processes run until {@link unpause}; its connections stay open. */
  async pause(): Promise<void> {
    await docker(['pause', this.id]);
  }

  async unpause(): Promise<void> {
    await docker(['unpause', this.id]);
  }

  /** Cuts it off from a network, while it runs on. */
  async disconnect(network: string): Promise<void> {
    await docker(['network', 'disconnect', network, this.id]);
  }

  /** Connects it again, under the name of its service. */
  async connect(network: string): Promise<void> {
    await docker(['network', 'connect', '--alias', this.service, network, this.id]);
  }

  /** Asks it to end, waits, and leaves it stopped. */
  async stop(): Promise<void> {
    await docker(['stop', '--time', '30', this.id]);
  }

  async remove(): Promise<void> {
    await docker(['rm', this.id]);
  }
}
