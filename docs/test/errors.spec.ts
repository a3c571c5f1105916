import { describe, expect, it } from '@jest/globals';
import { namedRows, read, sources } from './project.js';

const documented = new Map(
  namedRows('docs/reference/errors.md').map(([code = '', kind = '']) => [code, kind]),
);
const texts = [...sources(), ...sources('lua')].map(read);

/** `<code> <kind>` of each error class that names both. */
const declared = texts
  .flatMap((text) => text.split(/^(?=(?:export )?(?:abstract )?class )/m))
  .flatMap((text) => {
    const [, code] = /readonly code = '(\w+)'/.exec(text) ?? [];
    const [, kind] = /readonly kind(?:: ErrorKind)? = '(\w+)'/.exec(text) ?? [];
    return code !== undefined && kind !== undefined ? [`${code} ${kind}`] : [];
  });

/** Codes of classes, and codes that are data. */
const written = texts.flatMap((text) => [
  ...[...text.matchAll(/readonly code = '(\w+)'/g)].map(([, code = '']) => code),
  ...[...text.matchAll(/"?\bcode"?: ?['"](\w+)['"]/g)].map(([, code = '']) => code),
]);

/** Codes for what the HTTP server refuses, and for attempts that are nobody's failure. */
function tabled(): string[] {
  const problem = read('services/gateway/src/problems/problem.ts');
  const [, statuses = ''] = /const CODE_OF_STATUS.*?\{(.*?)\}/s.exec(problem) ?? [];
  const progress = read('libs/kernel/src/effect/progress.ts');
  const [, blameless = ''] = /BLAMELESS = \{(.*?)\}/s.exec(progress) ?? [];
  return [...`${statuses}${blameless}`.matchAll(/'(\w+)'/g)].map(([, code = '']) => code);
}

describe('the reference of errors', () => {
  it('has every code, and no other', () => {
    const inCode = new Set([...written, ...tabled()]);
    expect([...documented.keys()].sort()).toEqual([...inCode].sort());
  });

  it('says the one kind that a code has', () => {
    const told = declared.map((text) => text.split(' ')[0] ?? '');
    expect(told.map((code) => `${code} ${documented.get(code) ?? ''}`)).toEqual(declared);
  });
});
