import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MUTATIONS, NOT_BUILT } from '../../libs/testing/test/mutations/mutations.js';
import { read, ROOT } from './project.js';

/** A test by its file and name: `- <file>: “<name>”`. */
const TEST = /^ *- `([\w/.-]+\.spec\.ts)`: “(.+)”$/gm;
const DESIGN = ['G1', 'G2', 'G3', 'G4', 'G5', 'G6', 'G7', 'G8'];

/** A mutation and the test that it makes red: | what is broken | “<name>” in `<file>` | */
const MUTATION = /^\| (.+?) +\| “(.+)” in `(.+)` +\|$/gm;

const text = read('docs/reference/guarantees.md');
const tests = [...text.matchAll(TEST)].map(([, file = '', name = '']) => [name, file] as const);

const sections = text.split(/^#{2,3} (?=[GSE]\d)/m).slice(1);
const ruleOf = (section: string): string => /^\w\d+/.exec(section)?.[0] ?? '';
const numbered = (letter: string, last: number) =>
  Array.from({ length: last }, (_, at) => `${letter}${at + 1}`);
const RULES = [...numbered('S', 12), ...numbered('E', 6)];

describe('the reference of guarantees', () => {
  it.each(tests)('names a test that is there: “%s” in %s', (name, file) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(read(file)).toContain(name);
  });

  it('names a test, or what is missing, for each rule', () => {
    expect(sections.map(ruleOf)).toEqual([...DESIGN, ...RULES]);
    const bare = sections.filter((s) => !/: “/.test(s) && !/not built|not shown/i.test(s));
    expect(bare.map((section) => section.split('\n', 1)[0])).toEqual([]);
  });

  it('lists each mutation under its rule, with the test that it makes red', () => {
    const listed = sections.flatMap((section) =>
      [...section.matchAll(MUTATION)].map(([, ...cells]) => [ruleOf(section), ...cells]),
    );
    const tried = MUTATIONS.map(({ rule, breaks, test }) => [rule, breaks, test.name, test.file]);
    expect(listed).toEqual(tried);
  });

  it('breaks each rule, or says why not', () => {
    const broken = new Set(MUTATIONS.map(({ rule }) => rule));
    const left = RULES.filter((rule) => !broken.has(rule));
    expect(left).toEqual(Object.keys(NOT_BUILT));
  });
});
