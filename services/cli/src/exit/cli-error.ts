import { EXIT, type ExitCode } from './exit-codes.js';

/** Ends the command, with what a person is told. */
export class CliError extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    private suggestion?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** What to do about it, in words. */
  get wayOut(): string | undefined {
    return this.suggestion;
  }

  /** One more thing to do about it. */
  suggest(wayOut: string): this {
    this.suggestion = this.suggestion === undefined ? wayOut : `${this.suggestion}; ${wayOut}`;
    return this;
  }

  /** As `--json` tells it. */
  toJSON(): object {
    return { detail: this.message, ...(this.wayOut !== undefined && { wayOut: this.wayOut }) };
  }
}

/** The command line does not fit. */
export class UsageError extends CliError {
  constructor(message: string, wayOut?: string) {
    super(EXIT.usage, message, wayOut);
  }
}
