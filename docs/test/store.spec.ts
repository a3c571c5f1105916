import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { read, ROOT } from './project.js';

const text = read('docs/reference/store.md');
const rowsOf = (heading: string): string[] => {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name).sort();
};

describe('the reference of the store', () => {
  it('has every function of the library, and no other', () => {
    const files = globSync('libs/store/src/functions/*.lua', { cwd: ROOT });
    expect(rowsOf('Functions')).toEqual(files.map((file) => basename(file, '.lua')).sort());
  });

  it('has every key of a partition, and no other', () => {
    const keys = read(join('libs', 'store', 'src', 'keys.ts')).matchAll(/^ {2}\w+: '([\w:-]+)',/gm);
    expect(rowsOf('Keys')).toEqual([...keys].map(([, name = '']) => name).sort());
  });

  it('names every answer that a function gives', () => {
    for (const file of globSync('libs/store/src/functions/*.lua', { cwd: ROOT })) {
      const row = new RegExp(`^\\| \`${basename(file, '.lua')}\`.*$`, 'm').exec(text)?.[0] ?? '';
      const answers = [...read(file).matchAll(/return (?:\{ '([\w-]+)'|'([\w-]+) ' \.\.)/g)].map(
        ([, ofList, ofLine]) => ofList ?? ofLine ?? '',
      );
      for (const answer of answers) expect(row).toContain(`\`${answer}\``);
    }
  });

  it('says the limits that the code has', () => {
    const limits = read('libs/store/src/limits.ts');
    for (const [, value = ''] of limits.matchAll(/^(?:export )?const MAX_\w+ = ([\d *]+);/gm)) {
      const number = value.split('*').reduce((product, factor) => product * Number(factor), 1);
      expect(text).toMatch(new RegExp(`\\| ${number} +\\|`));
    }
  });
});
