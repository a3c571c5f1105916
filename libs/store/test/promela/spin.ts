// Searches a Promela model whole: spin makes a program of it, the C compiler builds that, and it visits every state.

import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const FOLDER = join(import.meta.dirname, '..', '..', 'model');

/** Values of a model's macros; an empty one is only defined. */
export type Defines = Readonly<Record<string, number | ''>>;

export interface Search {
  readonly states: number;
  /** The assertion or LTL formula that does not hold, if one does not. */
  readonly violated: string | null;
  /** Lines of the model that no state came to, as they are written there. */
  readonly unreached: readonly string[];
}

/**
 * Safety: assertions, in every state, and what was reached. Broken: assertions, for a model where one soon fails. Fair: an
 * LTL formula, over every run in which no process waits for ever.
 */
export type Kind = 'safety' | 'broken' | 'fair';

/** Deeper than any run of these models, in steps. */
const DEPTH = 3_000_000;
const MEMORY_MB = 8000;
const KINDS = {
  // Statements are not merged, so that each tells whether it was reached.
  safety: { spin: ['-o3'], cc: ['-O1', '-DSAFETY', '-DNOCLAIM', '-DCOLLAPSE'], pan: [] },
  // Built in a fraction of the time, as little is searched.
  broken: { spin: [], cc: ['-O0', '-DSAFETY', '-DNOCLAIM'], pan: [] },
  fair: { spin: [], cc: ['-O1', '-DNFAIR=4', '-DCOLLAPSE'], pan: ['-a', '-f'] },
} as const;

/** Whether this machine has both. */
export function canSearch(): boolean {
  try {
    execFileSync('spin', ['-V']);
    execFileSync('gcc', ['--version']);
    return true;
  } catch {
    return false;
  }
}

/** @throws Error when the search was not of every state */
export async function search(file: string, kind: Kind, defines: Defines): Promise<Search> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-model-'));
  try {
    await build(folder, file, kind, defines);
    const pan = (...args: string[]) => output(join(folder, 'pan'), args, folder);
    const report = await pan(`-m${DEPTH}`, ...KINDS[kind].pan);
    const violated = violatedIn(report);
    if (violated !== null) return { states: statesIn(report), violated, unreached: [] };
    mustBeWhole(report);
    const unreached = kind === 'safety' ? unreachedIn(report, await pan('-d')) : [];
    return { states: statesIn(report), violated, unreached };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function build(folder: string, file: string, kind: Kind, defines: Defines): Promise<void> {
  const set = Object.entries(defines).map(([name, value]) =>
    value === '' ? `-D${name}` : `-D${name}=${value}`,
  );
  await run('spin', [...set, ...KINDS[kind].spin, '-a', join(FOLDER, file)], { cwd: folder });
  const flags = ['-w', `-DMEMLIM=${MEMORY_MB}`, ...KINDS[kind].cc];
  await run('gcc', [...flags, '-o', 'pan', 'pan.c'], { cwd: folder });
}

async function output(program: string, args: string[], cwd: string): Promise<string> {
  const { stdout } = await run(program, args, { cwd, maxBuffer: 1 << 28 });
  return stdout;
}

const statesIn = (report: string): number =>
  Number(/^\s*(\d+) states, stored/m.exec(report)?.[1] ?? 0);

function violatedIn(report: string): string | null {
  const assertion = /assertion violated \(*(\w+)/.exec(report)?.[1];
  if (assertion) return assertion;
  if (/acceptance cycle/.test(report)) return /claim \(?(\w+)/.exec(report)?.[1] ?? 'unknown';
  return /^pan:1: (.*)$/m.exec(report)?.[1] ?? null;
}

function mustBeWhole(report: string): void {
  const isWhole = /errors: 0/.test(report) && !/not completed|too small|out of memory/.test(report);
  if (!isWhole) throw new Error(`the search did not come to its end:\n${report.slice(0, 2000)}`);
}

/** `<process> <state>` of each statement, by its line. A line of an inline is in each process that uses it. */
function unreachedIn(report: string, listing: string): string[] {
  const all = new Map<string, Set<string>>();
  for (const { process, line, state } of statementsOf(listing, /^\s*state +(\d+) -.* (\S+:\d+) =>/))
    all.set(line, (all.get(line) ?? new Set()).add(`${process} ${state}`));
  for (const { process, line, state } of statementsOf(report, /^\s+(\S+:\d+), state (\d+),/))
    all.get(line)?.delete(`${process} ${state}`);
  return [...all].flatMap(([line, reached]) => (reached.size === 0 ? [textOf(line)] : []));
}

function textOf(line: string): string {
  const [file = '', number] = line.split(':');
  return readFileSync(file, 'utf8').split('\n')[Number(number) - 1]?.trim() ?? '';
}

interface Statement {
  readonly process: string;
  readonly line: string;
  readonly state: string;
}

function statementsOf(text: string, statement: RegExp): Statement[] {
  let process = '';
  return text.split('\n').flatMap((row) => {
    process = /^(?:unreached in )?(?:proctype|init|claim) (\S+)/.exec(row)?.[1] ?? process;
    const [, first = '', second = ''] = statement.exec(row) ?? [];
    if (first === '') return [];
    const [line, state] = first.includes(':') ? [first, second] : [second, first];
    return [{ process, line, state }];
  });
}
