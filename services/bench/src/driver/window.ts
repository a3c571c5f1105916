export interface Load {
  /** Jobs that ended while the window was open, and how long that was. */
  readonly ended: number;
  readonly windowMs: number;
}

interface Mark {
  readonly ended: number;
  readonly atMs: number;
}

/** The time in which jobs are counted: opens once enough have ended, so that the beginning does not count. */
export class Window {
  #opened: Mark | undefined;
  #closed: Mark | undefined;

  /** @param opensAfter - jobs that end before it opens */
  constructor(
    private readonly opensAfter: number,
    private readonly lengthMs: number,
  ) {}

  /** @returns whether more is to be started */
  see(ended: number, atMs: number): boolean {
    if (this.#closed) return false;
    if (this.#opened === undefined) {
      if (ended >= this.opensAfter) this.#opened = { ended, atMs };
    } else if (atMs - this.#opened.atMs >= this.lengthMs) {
      this.#closed = { ended, atMs };
    }
    return this.#closed === undefined;
  }

  /** @throws Error before it has closed */
  get load(): Load {
    const [from, to] = [this.#opened, this.#closed];
    if (!from || !to) throw new Error('the window has not closed yet');
    return { ended: to.ended - from.ended, windowMs: to.atMs - from.atMs };
  }
}
