/** Lets jobs start in their order, up to a limit that is raised as the run goes on. */
export class Pacing {
  #limit = 0;
  #waiting: { readonly job: number; readonly go: () => void }[] = [];

  /** Allows the first `limit` jobs to start. */
  raise(limit: number): void {
    this.#limit = Math.max(this.#limit, limit);
    const due = this.#waiting.filter(({ job }) => job < this.#limit);
    this.#waiting = this.#waiting.filter(({ job }) => job >= this.#limit);
    for (const { go } of due) go();
  }

  /** Resolves when job number `job`, counted from 0, may start. */
  async admitted(job: number): Promise<void> {
    if (job < this.#limit) return;
    await new Promise<void>((go) => this.#waiting.push({ job, go }));
  }
}
