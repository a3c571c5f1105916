/** A loop that has shown no progress for longer than it may. */
export interface StuckLoop {
  readonly name: string;
  /** Since its last progress, unit ms. */
  readonly silentMs: number;
}

/**
 * Knows which loops of a process still move. A loop that waits in vain shows progress too: it waits for a
 * bounded time. Times are on one monotonic clock, unit ms.
 */
export class LoopWatchdog {
  private readonly loops = new Map<string, { readonly limitMs: number; seenMs: number }>();

  /** Begins to watch a loop that shows progress at least every `limitMs`. */
  watch(name: string, limitMs: number, nowMs: number = performance.now()): void {
    this.loops.set(name, { limitMs, seenMs: nowMs });
  }

  /** Called by the loop each time round. */
  progress(name: string, nowMs: number = performance.now()): void {
    const loop = this.loops.get(name);
    if (loop) loop.seenMs = nowMs;
  }

  /** The loop has ended in good order. */
  unwatch(name: string): void {
    this.loops.delete(name);
  }

  stuck(nowMs: number = performance.now()): StuckLoop[] {
    return [...this.loops]
      .map(([name, { limitMs, seenMs }]) => ({ name, limitMs, silentMs: nowMs - seenMs }))
      .filter(({ limitMs, silentMs }) => silentMs > limitMs)
      .map(({ name, silentMs }) => ({ name, silentMs }));
  }
}
