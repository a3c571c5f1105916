// The command as it is installed: linked by npm, completed by a shell, packed.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { PROJECT } from '@lockstep/testing';

const run = promisify(execFile);
const BIN_FOLDER = join(PROJECT, 'node_modules', '.bin');
const env = {
  ...process.env,
  NODE_OPTIONS: '',
  PATH: `${BIN_FOLDER}:${process.env['PATH'] ?? ''}`,
};

/** What bash offers behind a line; the last word may be begun, or be ''. */
async function offered(...words: string[]): Promise<string[]> {
  const script = `
    _get_comp_words_by_ref() { # bash-completion's, in short
      words=("\${COMP_WORDS[@]}"); cword=$COMP_CWORD; cur=\${words[cword]}; prev=\${words[cword-1]}
    }
    compopt() { :; }
    source <(lockstep completion bash)
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    __lockstep_complete
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['-c', script, 'bash', 'lockstep', ...words], { env });
  return stdout.trim().split('\n');
}

describe('lockstep, linked by npm', () => {
  it('says its version and its words', async () => {
    const { stdout } = await run('lockstep', ['--help'], { env });
    for (const word of ['workflow', 'dead', 'effect', 'breaker', 'worker', 'doctor']) {
      expect(stdout).toMatch(new RegExp(`^  ${word} `, 'm'));
    }
  });

  it('is completed by bash: commands, options, and what an option may be', async () => {
    expect(await offered('workflow', 'ro')).toEqual(['rollback']);
    expect(await offered('workflow', 'list', '--sta')).toEqual(['--status']);
    const statuses = await offered('workflow', 'list', '--status', '');
    expect(statuses).toEqual(expect.arrayContaining(['parked', 'completed', 'failed']));
  });

  it.each(['zsh', 'fish'])('has a script for %s as well', async (shell) => {
    const { stdout } = await run('lockstep', ['completion', shell], { env });
    expect(stdout).toContain('lockstep complete --');
  });

  it('has all that it needs in its package, and no tests', async () => {
    const pack = ['pack', '--dry-run', '--json', '--workspace', '@lockstep/cli'];
    const { stdout } = await run('npm', pack, { env, cwd: PROJECT });
    const [packed] = JSON.parse(stdout) as [{ files: readonly { path: string }[] }];
    const paths = packed.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['bin/lockstep.mjs', 'dist/main.js']));
    expect(paths.filter((path) => /spec|^src|^test/.test(path))).toEqual([]);
  });
});
