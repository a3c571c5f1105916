import { describe, expect, it } from '@jest/globals';
import { endOf } from '../programs/oracle.js';
import type { Act, Part, Program, Provider } from '../programs/program.js';
import { worldFaults } from './world.js';

const act = (id: number, reverse: Act['reverse'], provider: Provider = 'probe'): Act => ({
  ...{ kind: 'act', id, key: `a${id}` },
  ...{ provider, reverse },
});
const programOf = (...parts: Part[]): Program => ({
  root: { role: 'north', body: { kind: 'sequence', id: 1, parts } },
  policy: 'compensate',
});
const failure: Part = { kind: 'failure', id: 9, by: 'throw' };

const good = endOf(programOf(act(2, 'action'), act(3, 'none', 'key')));
const rolledBack = endOf(programOf(act(2, 'action'), act(3, 'task'), act(4, 'none'), failure));

describe('what a program leaves in the world', () => {
  it('is right as the oracle says', () => {
    expect(worldFaults('p', ['p/a2', 'p/a3'], good)).toEqual([]);
    const undone = ['p/a2', 'p/a3', 'p/a4', 'p/undone-a3', 'undo:p/a2', 'p/told'];
    expect(worldFaults('p', undone, rolledBack)).toEqual([]);
  });

  it('G5: has no effect twice, unless its provider honours the key', () => {
    expect(worldFaults('p', ['p/a2', 'p/a2', 'p/a3', 'p/a3'], good)).toEqual([
      'doubled: p/a2 was done so often: 2',
    ]);
  });

  it('G6: lacks no effect', () => {
    expect(worldFaults('p', ['p/a3'], good)).toEqual(['missing: p/a2 was not done']);
  });

  it('has nothing that was never to be done', () => {
    expect(worldFaults('p', ['p/a2', 'p/a3', 'p/a8'], good)).toEqual(['p/a8 was never to be done']);
    expect(worldFaults('p', ['p/a2', 'p/a3', 'undo:p/a2'], good)).toEqual([
      'doubled: undo:p/a2 was done so often: 1',
    ]);
  });

  it('G6: has each effect undone once that must be, after it was done', () => {
    const done = ['p/a2', 'p/a3', 'p/a4', 'p/told'];
    expect(worldFaults('p', done, rolledBack)).toEqual([
      'missing: undo:p/a2 was not done',
      'missing: p/undone-a3 was not done',
    ]);
    const twice = [...done, 'p/undone-a3', 'undo:p/a2', 'undo:p/a2'];
    expect(worldFaults('p', twice, rolledBack)).toEqual([
      'doubled: undo:p/a2 was done so often: 2',
    ]);
    const early = ['undo:p/a2', ...done, 'p/undone-a3'];
    expect(worldFaults('p', early, rolledBack)).toEqual(['undo:p/a2 came before what it undoes']);
  });

  it('has told once of a rollback', () => {
    const untold = ['p/a2', 'p/a3', 'p/a4', 'p/undone-a3', 'undo:p/a2'];
    expect(worldFaults('p', untold, rolledBack)).toEqual(['missing: p/told was not done']);
  });
});
