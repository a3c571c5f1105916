import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { documents, read, ROOT } from './project.js';

const LINK = /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g;
/** A path of the project in code style, as in `libs/kernel/src/index.ts`. */
const PATH = /`((?:libs|services|docs|deploy)\/[\w@./-]+)`/g;

/** As GitHub makes them. */
const anchorsOf = (file: string): string[] =>
  [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );

function isBroken(document: string, path: string, anchor: string | undefined): boolean {
  const target = path === '' ? document : join(dirname(document), path);
  if (!existsSync(join(ROOT, target))) return true;
  return anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor);
}

describe('the documents', () => {
  it.each(documents())('link to what is there: %s', (document) => {
    const broken = [...read(document).matchAll(LINK)]
      .filter(([, path = '', anchor]) => isBroken(document, path, anchor))
      .map(([link]) => link);
    expect(broken).toEqual([]);
  });

  it.each(documents())('name files that are there: %s', (document) => {
    const gone = [...read(document).matchAll(PATH)]
      .map(([, path = '']) => path)
      .filter((path) => !existsSync(join(ROOT, path)));
    expect(gone).toEqual([]);
  });
});
