/** Wakes one waiting loop. A notice given while nobody waits is kept. */
export class Notifier {
  private noticed = false;
  private wake: (() => void) | undefined;

  notify(): void {
    this.noticed = true;
    this.wake?.();
  }

  /** Forgets the notices that were given: whoever calls this looks at everything now. */
  heed(): void {
    this.noticed = false;
  }

  /** Resolves at the next notice, or at once when there was one since the last look. */
  wait(): Promise<void> {
    if (this.noticed) return Promise.resolve();
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}
