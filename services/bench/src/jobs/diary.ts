// Which process began which step, and when: a line each in one file that several processes append to. It is
// written before the step is done, so that it knows more than any system records.

import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

export interface BegunStep {
  readonly job: string;
  readonly step: number;
  readonly pid: number;
  /** Unit ms since 1970. */
  readonly atMs: number;
}

/** Writes at once: a process that is killed right afterwards has told. */
export function beganStep(file: string, job: string, step: number): void {
  const line: BegunStep = { job, step, pid: process.pid, atMs: Date.now() };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}

/** All lines, in the order of their writing; none when nobody wrote. */
export async function readDiary(file: string): Promise<BegunStep[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as BegunStep);
}
