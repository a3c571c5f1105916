/** Where text goes. */
export interface Sink {
  readonly isTTY?: boolean;
  /** Width of the terminal, unit characters. */
  readonly columns?: number;
  write(text: string): unknown;
  /** Whether colours are shown, heeding NO_COLOR. */
  hasColors?(): boolean;
}

/** What a command is run in: the process, or a test. */
export interface Shell {
  readonly stdin: AsyncIterable<Buffer | string> & { readonly isTTY?: boolean };
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Asks a person a question that is answered by yes or no. */
  readonly ask: (question: string) => Promise<boolean>;
}
