/** Wakes one waiting loop. A notice given while nobody waits is kept. */
export class Notifier {
  private noticed = false;
  private wake: (() => void) | undefined;

  notify(): void {
    this.noticed = true;
    this.wake?.();
  }

  async wait(): Promise<void> {
    if (!this.noticed) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.noticed = false;
    this.wake = undefined;
  }
}
