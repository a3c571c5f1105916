/** What a wait ended with: something changed, time is up, or nobody waits any more. */
export type WatchOutcome = 'changed' | 'quiet' | 'closed';

/** Waits for changes. A change between two waits is not lost: the second ends at once. */
export class Watch implements Disposable {
  private changes = false;
  private closed = false;
  private readonly closers: (() => void)[] = [];
  private wake: () => void = () => undefined;

  /** @param gone - closes the watch when it is aborted */
  constructor(gone: AbortSignal) {
    if (gone.aborted) this.close();
    gone.addEventListener('abort', () => {
      this.close();
    });
  }

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
    for (const closer of this.closers) closer();
  }

  /** Calls `closer` once, when the watch closes; at once when it has. */
  onClose(closer: () => void): void {
    if (this.closed) closer();
    else this.closers.push(closer);
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
