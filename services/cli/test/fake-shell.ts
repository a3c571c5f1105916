import { Readable } from 'node:stream';
import type { Shell } from '../src/shell/shell.js';

/** A shell that a test looks into. */
export interface FakeShell extends Shell {
  readonly said: { stdout: string; stderr: string; asked: string[] };
}

export interface Surroundings {
  /** Whether somebody sits at a terminal; default nobody. */
  readonly isTerminal?: boolean;
  /** What the person at the terminal answers; default no. */
  readonly answer?: boolean;
  readonly input?: string;
}

export function fakeShell(around: Surroundings = {}): FakeShell {
  const { isTerminal = false, answer = false, input = '' } = around;
  const said = { stdout: '', stderr: '', asked: [] as string[] };
  const sink = (name: 'stdout' | 'stderr') => ({
    isTTY: isTerminal,
    hasColors: () => isTerminal,
    write: (text: string) => (said[name] += text),
  });
  return {
    said,
    stdin: Object.assign(Readable.from([input]), { isTTY: isTerminal }),
    stdout: sink('stdout'),
    stderr: sink('stderr'),
    signal: new AbortController().signal,
    ask: (question) => {
      said.asked.push(question);
      return Promise.resolve(answer);
    },
  };
}
