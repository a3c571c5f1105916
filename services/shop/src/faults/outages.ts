/** References whose look-ups fail for a while. */
export class Outages {
  readonly #untilMs = new Map<string, number>();

  begin(reference: string, durationMs: number): void {
    this.#untilMs.set(reference, performance.now() + durationMs);
  }

  has(reference: string): boolean {
    const untilMs = this.#untilMs.get(reference);
    if (untilMs === undefined) return false;
    if (performance.now() < untilMs) return true;
    this.#untilMs.delete(reference);
    return false;
  }
}
