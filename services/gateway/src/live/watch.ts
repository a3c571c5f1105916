import type { ChangeListener } from './feed-tail.js';

/** What a wait ended with: something changed, time is up, or nobody waits any more. */
export type WatchOutcome = 'changed' | 'quiet' | 'closed';

/** Waits for changes of one workflow. A change between two waits is not lost: the second ends at once. */
export class Watch implements ChangeListener, Disposable {
  private changes = false;
  private closed = false;
  private wake: () => void = () => undefined;

  /** @param onClose - called once, when the watch is closed from either side */
  constructor(private readonly onClose: (watch: Watch) => void) {}

  async next(timeoutMs: number): Promise<WatchOutcome> {
    if (!this.changes && !this.closed) await this.sleep(timeoutMs);
    if (this.closed) return 'closed';
    const outcome = this.changes ? 'changed' : 'quiet';
    this.changes = false;
    return outcome;
  }

  changed(): void {
    this.changes = true;
    this.wake();
  }

  missed(): void {
    this.changed();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.wake();
    this.onClose(this);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private async sleep(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
