import { describe, expect, it } from '@jest/globals';
import { UnknownWorkflowType } from '../problems/errors.js';
import { loadCatalogue } from './load.js';

const text = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;
const workflow = (type: string): string =>
  `{ type: '${type}', version: 1, root: { role: 'clerk' }, state: class {}, signals: {} }`;

describe('the contracts that a gateway is deployed with', () => {
  it('are what the modules export, directly or in a list', async () => {
    const one = text(`export const job = ${workflow('job')}; export const other = 7;`);
    const two = text(`export const workflows = [${workflow('nap')}];`);
    const catalogue = await loadCatalogue([one, two]);
    expect(catalogue.types).toEqual(['job', 'nap']);
    expect(catalogue.workflow('job').type).toBe('job');
    expect(() => catalogue.workflow('jog')).toThrow(UnknownWorkflowType);
  });

  it('count once when they are exported twice', async () => {
    const source = `export const job = ${workflow('job')}; export const workflows = [job];`;
    expect((await loadCatalogue([text(source)])).types).toEqual(['job']);
  });

  it.each([
    ['a module that is not there', ['./no-such.js'], 'importing ./no-such.js failed'],
    [
      'a module without a workflow',
      [text('export const a = 1;')],
      'there is none in what they export',
    ],
    [
      'two workflows of one type',
      [text(`export const a = ${workflow('job')}; export const b = ${workflow('job')};`)],
      'two workflows have type job',
    ],
  ])('refuse %s', async (_, specifiers, reason) => {
    await expect(loadCatalogue(specifiers)).rejects.toThrow(reason);
  });
});
