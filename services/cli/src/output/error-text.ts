/** One error of a chain, outermost first. */
export interface ToldError {
  readonly code: string;
  readonly message: string;
}

/** A chain of errors in one line. */
export const errorText = (chain: readonly ToldError[]): string =>
  chain.map(({ code, message }) => `${code}: ${message}`).join(' ← ');
