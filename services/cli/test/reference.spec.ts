import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PROJECT } from '@lockstep/testing';
import { format, resolveConfig } from 'prettier';
import { buildProgram } from '../src/program.js';
import { GENERATED, referenceOf } from '../src/reference/reference.js';
import { fakeShell } from './fake-shell.js';

const FILE = join(PROJECT, 'docs', 'reference', 'cli.md');

describe('the reference of the command line', () => {
  // When it is not: npm run reference -w services/cli
  it('has each command, option and exit code of the program, and no other', async () => {
    const kept = readFileSync(FILE, 'utf8');
    const written = referenceOf(buildProgram(fakeShell()));
    const style = { ...(await resolveConfig(FILE)), parser: 'markdown' };
    expect(kept.slice(kept.indexOf(GENERATED))).toBe(await format(written, style));
  });
});
