import { ManagedProcess, type ProcessSpec } from './managed-process.js';

/** All service processes of a run, and what they have been through. */
export class Fleet {
  /** In the order in which they were started; those of one group at once. */
  readonly #groups: ManagedProcess[][] = [];
  /** Processes that ended although nobody asked them to, as in `orders-1 ended: 1`. */
  readonly crashes: string[] = [];

  constructor() {
    // Whatever ends this process leaves none behind.
    process.once('exit', () => {
      for (const each of this.#all()) each.killForGood();
    });
  }

  /** Starts processes and waits until all of them are ready. @throws Error when one ends or is late */
  async start(specs: readonly ProcessSpec[]): Promise<void> {
    const started = specs.map(
      (spec) =>
        new ManagedProcess(spec, ({ name, log }, status) => {
          this.crashes.push(`${name} ended with ${status}; see ${log}`);
        }),
    );
    this.#groups.push(started);
    await Promise.all(started.map((each) => each.start()));
    await Promise.race([
      Promise.all(started.map((each) => each.ready())),
      ...started.map((each) => each.ended()),
    ]);
  }

  replicasOf(service: string): ManagedProcess[] {
    return this.#all().filter(({ spec }) => spec.service === service);
  }

  /** @throws RangeError when no such service was started */
  urlOf(service: string): string {
    const [first] = this.replicasOf(service);
    if (!first) throw new RangeError(`${service} was not started`);
    return first.url;
  }

  /** Ends the last started first: what a process needs outlasts it. */
  async stop(): Promise<void> {
    for (const group of this.#groups.toReversed()) {
      await Promise.all(group.map((each) => each.stop()));
    }
  }

  #all(): ManagedProcess[] {
    return this.#groups.flat();
  }
}
