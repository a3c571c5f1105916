import { describe, expect, it } from '@jest/globals';
import { namedRows, read, sources } from './project.js';

const SUFFIX = { counter: '_total', seconds: '_seconds', gauge: '', gauges: '' } as const;
const DECLARED = /\.(counter|seconds|gauges?)\(\s*'(\w+)'/g;
const LISTED = /amount: '(\w+)'/g;
const OWN = /name: '((?:shop|lockstep)_\w+)'/g;

const inCode = sources().flatMap((file) => {
  const text = read(file);
  const declared = [...text.matchAll(DECLARED)].map(
    ([, kind, name = '']) => `lockstep_${name}${SUFFIX[kind as keyof typeof SUFFIX]}`,
  );
  const listed = [...text.matchAll(LISTED)].map(([, name = '']) => `lockstep_${name}`);
  return [...declared, ...listed, ...[...text.matchAll(OWN)].map(([, name = '']) => name)];
});

describe('the reference of metrics', () => {
  it('has every metric that a service declares, and no other', () => {
    const documented = namedRows('docs/reference/metrics.md').map(([name]) => name);
    expect(documented.sort()).toEqual([...new Set(inCode)].sort());
  });
});
