import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MODELS } from '../../libs/store/test/promela/models.js';
import { namedRows, read, ROOT } from './project.js';

const DOCUMENT = 'docs/reference/model.md';
const FOLDER = 'libs/store/model';
const FUNCTIONS = 'libs/store/src/functions';

const files = globSync('**/*.pml', { cwd: `${ROOT}/${FOLDER}` }).sort();
const text = files.map((file) => read(`${FOLDER}/${file}`)).join('\n');

const found = (pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

/** Rows of the table under a heading. */
const under = (heading: string): string[][] => namedRows(DOCUMENT, heading);

const transitions = under('Transitions').map(([name = '', pml = '', lua = '']) => ({
  name,
  pml,
  lua,
}));
const leftOut = under('Left out').map(([lua = '', why = '']) => ({ lua, why }));

describe('the document of the models', () => {
  it.each(transitions)('has a transition in $pml, of $lua: $name', ({ name, pml, lua }) => {
    expect(read(`${FOLDER}/${pml}`)).toMatch(new RegExp(`^(inline|proctype) ${name}\\(`, 'm'));
    expect(read(lua.includes('/src/') ? lua : `${FUNCTIONS}/${lua}`)).not.toBe('');
  });

  it('has each function of the store, or says why it is left out', () => {
    const named = [...transitions, ...leftOut].map(({ lua }) => lua);
    const functions = globSync('**/*.lua', { cwd: `${ROOT}/${FUNCTIONS}` });
    expect(functions.filter((file) => !named.includes(file))).toEqual([]);
  });

  it('leaves out no function that it models, and says why', () => {
    const modelled = transitions.map(({ lua }) => lua);
    expect(leftOut.filter(({ lua, why }) => why === '' || modelled.includes(lua))).toEqual([]);
    for (const { lua } of leftOut) expect(read(`${FUNCTIONS}/${lua}`)).not.toBe('');
  });

  it('names each property that a model asserts', () => {
    const asserted = found(/(?:^hidden byte|^ltl) ([A-Z]\d_\w+)/gm);
    expect(
      under('Properties')
        .map(([name]) => name)
        .sort(),
    ).toEqual(asserted);
  });

  it('lists each mutation of a model, with what catches it', () => {
    const listed = under('Mutations').map(([name, file, , caughtBy]) => [name, file, caughtBy]);
    const tried = MODELS.flatMap(({ file, mutations }) =>
      Object.entries(mutations).map(([name, caughtBy]) => [name, file, caughtBy]),
    );
    expect(listed).toEqual(tried);
    expect([...new Set(tried.map(([name]) => name))].sort()).toEqual(
      found(/\bMUTATION_([A-Z_]+)/g),
    );
  });

  it('has a test for each model', () => {
    const searched = new Set(MODELS.map(({ file }) => file));
    expect([...searched].sort()).toEqual(files.filter((file) => file === basename(file)));
  });
});
