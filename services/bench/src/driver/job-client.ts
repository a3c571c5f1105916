/** Starts jobs of one kind in one system, and tells when they have ended. */
export interface JobClient {
  /** Starts so many, in as few requests as the system allows. */
  start(count: number): Promise<void>;
  /**
   * Called once for those that were seen to end together.
   *
   * @param atMs - when the system told of it, by `performance.now()`
   */
  onEnded: (count: number, atMs: number) => void;
  /** One that has ended; undefined while none has. */
  readonly lastEnded: string | undefined;
}
