import { describe, expect, it } from '@jest/globals';
import { documents, read } from './project.js';

interface Snippet {
  readonly document: string;
  readonly source: string;
  readonly region: string;
  readonly text: string;
}

const SNIPPET = /^<!-- snippet: (\S+)#(\S+) -->\n\n```ts\n(.*?)^```$/gms;

const snippets: Snippet[] = documents().flatMap((document) =>
  [...read(document).matchAll(SNIPPET)].map(([, source = '', region = '', text = '']) => {
    return { document, source, region, text };
  }),
);

function regionOf({ source, region }: Snippet): string {
  const [, body] =
    new RegExp(`^ *// #region ${region}\n(.*?)^ *// #endregion ${region}$`, 'ms').exec(
      read(source),
    ) ?? [];
  const indent = /^ */.exec(body ?? '')?.[0] ?? '';
  return (body ?? '').replaceAll(new RegExp(`^${indent}`, 'gm'), '');
}

describe('the snippets of the documents', () => {
  it.each(snippets.map((snippet) => [`${snippet.document} ${snippet.region}`, snippet] as const))(
    'are what is tested: %s',
    (_, snippet) => {
      expect(snippet.text).toBe(regionOf(snippet));
    },
  );

  it('are in the guide and the README', () => {
    const shown = new Set(snippets.map(({ document }) => document));
    expect([...shown]).toEqual(
      expect.arrayContaining(['README.md', 'docs/guides/write-an-agent.md']),
    );
  });
});
