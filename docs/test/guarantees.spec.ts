import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { read, ROOT } from './project.js';

/** A test by its file and name: `- <file>: “<name>”`. */
const TEST = /^ *- `([\w/.-]+\.spec\.ts)`: “(.+)”$/gm;
const DESIGN = ['G1', 'G2', 'G3', 'G4', 'G5', 'G6', 'G7', 'G8'];

const text = read('docs/reference/guarantees.md');
const tests = [...text.matchAll(TEST)].map(([, file = '', name = '']) => [name, file] as const);

describe('the reference of guarantees', () => {
  it.each(tests)('names a test that is there: “%s” in %s', (name, file) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(read(file)).toContain(name);
  });

  it('names a test, or what is missing, for each rule', () => {
    const sections = text.split(/^#{2,3} (?=[GSE]\d)/m).slice(1);
    const rules = sections.map((section) => /^\w\d+/.exec(section)?.[0]);
    const numbered = (letter: string, last: number) =>
      Array.from({ length: last }, (_, at) => `${letter}${at + 1}`);
    expect(rules).toEqual([...DESIGN, ...numbered('S', 12), ...numbered('E', 6)]);
    const bare = sections.filter((s) => !/: “/.test(s) && !/not built|not shown/i.test(s));
    expect(bare.map((section) => section.split('\n', 1)[0])).toEqual([]);
  });
});
