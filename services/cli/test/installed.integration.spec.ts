// The command as it is installed: linked by npm, completed by a shell, packed.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { freePort, PROJECT } from '@lockstep/testing';

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

/** The command's own, and what it depends on of this repository. */
const PACKAGES = ['services/cli', 'libs/contracts', 'libs/kernel', 'libs/store'];

/** Packs a package, and unpacks it where npm would. */
async function install(source: string, folder: string): Promise<void> {
  const pack = ['pack', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', pack, { env, cwd: join(PROJECT, source) });
  const [{ name, filename }] = JSON.parse(stdout) as [{ name: string; filename: string }];
  const target = join(folder, 'node_modules', name);
  await mkdir(target, { recursive: true });
  await run('tar', ['xzf', join(folder, filename), '-C', target, '--strip-components', '1']);
  const own = join(PROJECT, source, 'node_modules'); // in versions that others do not want
  if (existsSync(own)) await cp(own, join(target, 'node_modules'), { recursive: true });
}

describe('lockstep, linked by npm', () => {
  it('says its version and its words', async () => {
    const { stdout } = await run('lockstep', ['--help'], { env });
    for (const word of [
      'workflow',
      'dead',
      'unreadable',
      'effect',
      'breaker',
      'worker',
      'doctor',
    ]) {
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

  it('runs from its package and those of the libraries that it names, without the repository', async () => {
    const own = join(PROJECT, '.lockstep'); // other packages are found above it
    await mkdir(own, { recursive: true });
    const folder = await mkdtemp(join(own, 'installed-'));
    try {
      await Promise.all(PACKAGES.map((name) => install(name, folder)));
      const bin = join(folder, 'node_modules', '@lockstep', 'cli', 'bin', 'lockstep.mjs');
      const { stdout } = await run(process.execPath, [bin, '--version'], { env });
      expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
      const doctor = [bin, 'doctor', '--redis', `redis://127.0.0.1:${await freePort()}`];
      await expect(run(process.execPath, doctor, { env })).rejects.toMatchObject({ code: 5 });
    } finally {
      await rm(folder, { recursive: true });
    }
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
