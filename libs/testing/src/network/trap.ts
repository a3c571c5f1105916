import { eventually } from '../eventually.js';
import type { Link, Way } from './link.js';

const PATIENCE_MS = 30_000;

/** What happens to the connection that a text passes on, the first time or a later one. */
export class Trap {
  private sprang = false;

  /**
   * @param way - where the text is looked for
   * @param holds - what of that connection is held from then on
   * @param left - at which of the texts it springs, counted from the next
   */
  constructor(
    readonly way: Way,
    readonly text: string,
    private readonly holds?: Way,
    private left = 1,
  ) {}

  get isSprung(): boolean {
    return this.sprang;
  }

  /** The text passes. */
  meet(link: Link): void {
    this.left -= 1;
    if (this.left > 0) return;
    this.sprang = true;
    if (this.holds) link.hold(this.holds);
  }

  /** Waits for the text. @throws Error when it does not come in time */
  async sprung(): Promise<void> {
    const what = `${this.text} among the ${this.way}`;
    await eventually(() => this.sprang, { what, timeoutMs: PATIENCE_MS });
  }
}
