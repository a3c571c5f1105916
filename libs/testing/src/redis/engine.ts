export type Signal = 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT';

export interface EngineOptions {
  readonly port: number;
  /** Folder of the data, kept by `remove()`; without one the engine makes and removes its own. */
  readonly dir: string | undefined;
  /** Further arguments of `redis-server`. */
  readonly settings: readonly string[];
  /** It is one of several that speak with each other, so all share the machine's loopback interface. */
  readonly clustered: boolean;
}

/** What runs a Redis: a process or a container. */
export interface Engine {
  /** Starts the server, or starts it again; resolves before it answers. */
  start(): Promise<void>;
  signal(name: Signal): Promise<void>;
  /** @returns when the server has ended: the last lines that it wrote */
  ended(): Promise<string>;
  remove(): Promise<void>;
}
