import type { Shell } from './shell.js';

/** The process's own terminal and signals. */
export function processShell(): Shell {
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    interrupted.abort();
  });
  const { stdin, stdout, stderr } = process;
  // Whoever reads our output may end first, as `head` does.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  const ask = async (message: string): Promise<boolean> => {
    const { default: confirm } = await import('@inquirer/confirm');
    return confirm({ message, default: false }, { output: stderr, signal: interrupted.signal });
  };
  return { stdin, stdout, stderr, signal: interrupted.signal, ask };
}
