import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborted by the first signal to end; the second ends this process and all of its own on the spot. */
export function endOnSignal(): AbortSignal {
  const end = new AbortController();
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      if (end.signal.aborted) process.exit(128 + constants.signals[signal]);
      end.abort();
    });
  }
  return end.signal;
}
