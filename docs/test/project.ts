// What the tests of the documents read: the project's text, by path from its root.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');

export const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const find = (patterns: string[]): string[] =>
  globSync(patterns, { cwd: ROOT, exclude: (name) => /node_modules|dist/.test(name) }).sort();

/** Everything that a person reads. */
export const documents = (): string[] =>
  find(['*.md', 'docs/**/*.md', 'services/**/*.md', 'libs/**/*.md']);

/** The code that runs: no tests, no types alone. */
export const sources = (extension = 'ts'): string[] =>
  find(['libs', 'services'].map((folder) => `${folder}/**/src/**/*.${extension}`)).filter(
    (file) => !/\.(spec|d)\.ts$/.test(file) && !file.startsWith('libs/testing/'),
  );

/**
 * The cells of a document's table rows that begin with a name in code style: `name`, then the others.
 *
 * @param heading - of the section that has the table; default: all tables
 */
export function namedRows(file: string, heading?: string): string[][] {
  const rows = sectionOf(read(file), heading).match(/^\| `[^|]*\|.*$/gm) ?? [];
  return rows.map((row) => {
    const cells = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
    return cells.slice(1, -1).map((cell) => cell.replaceAll(/^`|`$/g, ''));
  });
}

const sectionOf = (text: string, heading?: string): string =>
  heading === undefined
    ? text
    : (text.split(/^## /m).find((section) => section.startsWith(`${heading}\n`)) ?? '');
