import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { read, ROOT } from './project.js';

const text = read('docs/failure-semantics.md');
const [promised = ''] = text.split('## What was tried');
const [, rest = ''] = text.split('## What is not promised');
/** | what fails | promise | what one sees | “<test>” in `<file>` | */
const ROW = /^\| (?!-|What fails)(.+?) +\|.+\| “(.+)” in `([\w/.-]+\.spec\.ts)` +\|$/gm;
const rows = [...promised.matchAll(ROW)].map(([, fails = '', name = '', file = '']) => ({
  ...{ fails, name, file },
}));

describe('the failure semantics', () => {
  it.each(rows)('say of “$fails” which test shows it', ({ name, file }) => {
    expect(existsSync(join(ROOT, file))).toBe(true);
    expect(read(file)).toContain(name);
  });

  it('have a test in each row', () => {
    const all = promised.match(/^\| (?!-|What fails)/gm) ?? [];
    expect(rows).toHaveLength(all.length);
  });

  it('say what is not promised', () => {
    expect(rest).toMatch(/freeze between the last check and the socket/i);
    expect(rest).toMatch(/asynchronous failover/i);
  });
});
