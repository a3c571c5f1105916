import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROJECT } from '@lockstep/testing';
import type { Command } from 'commander';
import { buildProgram } from '../src/program.js';
import { fakeShell } from './fake-shell.js';

const program = buildProgram(fakeShell());

/** Each command that a document tells to type, without what stands behind a pipe or a comment. */
const typed = globSync(['*.md', 'docs/**/*.md'], { cwd: PROJECT }).flatMap((file) =>
  [...readFileSync(join(PROJECT, file), 'utf8').matchAll(/npx lockstep ([a-z][^\n`|#)&]*)/g)].map(
    ([, line = '']) => [line.trim(), file] as const,
  ),
);

/** The command that words lead to. */
function leafOf(words: readonly string[], command: Command = program): Command {
  const next = command.commands.find((each) => each.name() === words[0]);
  return next ? leafOf(words.slice(1), next) : command;
}

describe('what documents tell to type', () => {
  it.each(typed)('is known: lockstep %s, in %s', (line) => {
    const words = line.split(/\s+/);
    const command = leafOf(words);
    expect(command.commands).toEqual([]);
    const flags = words.filter((word) => word.startsWith('--'));
    const known = command.options.map(({ long }) => long ?? '');
    expect(known).toEqual(expect.arrayContaining(flags));
    const required = command.options.filter(({ mandatory }) => mandatory);
    expect(flags).toEqual(expect.arrayContaining(required.map(({ long }) => long)));
  });

  it('covers each command', () => {
    const told = new Set(typed.map(([line]) => leafOf(line.split(/\s+/))));
    const leaves = program.commands.flatMap((each) =>
      each.commands.length > 0 ? each.commands : [each],
    );
    const untold = leaves.filter((each) => !told.has(each)).map((each) => each.name());
    expect(untold.sort()).toEqual(['complete']);
  });
});
