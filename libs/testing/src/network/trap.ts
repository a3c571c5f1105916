import { eventually } from '../eventually.js';
import type { Link, Way } from './link.js';

const PATIENCE_MS = 30_000;

/** What happens to the first connection that a text passes on. */
export class Trap {
  private isSprung = false;

  /**
   * @param way - where the text is looked for
   * @param holds - what of that connection is held from then on
   */
  constructor(
    readonly way: Way,
    readonly text: string,
    private readonly holds?: Way,
  ) {}

  spring(link: Link): void {
    this.isSprung = true;
    if (this.holds) link.hold(this.holds);
  }

  /** Waits for the text. @throws Error when it does not come in time */
  async sprung(): Promise<void> {
    const what = `${this.text} among the ${this.way}`;
    await eventually(() => this.isSprung, { what, timeoutMs: PATIENCE_MS });
  }
}
