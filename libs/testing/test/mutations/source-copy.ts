// A copy of the project's sources with the dependencies of the original, in which one text at a time is replaced.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { Mutation } from './mutation.js';

export const ROOT = join(import.meta.dirname, '../../../..');
const execute = promisify(execFile);
/** What a run of tests does without; of what is hidden it reads one. */
const LEFT_OUT = /(^|\/)(node_modules|dist|docs|\.(?!swcrc$)[^/]*)$/;

export class SourceCopy implements AsyncDisposable {
  private constructor(readonly root: string) {}

  static async make(): Promise<SourceCopy> {
    const root = await mkdtemp(join(tmpdir(), 'lockstep-mutant-'));
    await cp(ROOT, root, {
      recursive: true,
      filter: (path) => !LEFT_OUT.test(relative(ROOT, path)),
    });
    await linkDependencies(root);
    return new SourceCopy(root);
  }

  /** Replaces the text that a mutation names. @throws Error when it is not there exactly once */
  async mutate({ rule, breaks, file, find, replace }: Mutation): Promise<void> {
    const source = await readFile(join(ROOT, file), 'utf8');
    const times = source.split(find).length - 1;
    if (times !== 1)
      throw new Error(
        `${rule}, “${breaks}”: its text is ${times} times in ${file}, not once: ${find}`,
      );
    await writeFile(
      join(this.root, file),
      source.replace(find, () => replace),
    );
  }

  /** Builds what processes run from. */
  async build(): Promise<void> {
    await execute(process.execPath, [join(this.root, 'deploy/build.mjs')], { cwd: this.root });
  }

  async restore({ file }: Mutation): Promise<void> {
    await cp(join(ROOT, file), join(this.root, file));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }
}

/** Links what is installed; the workspaces lead to the copy's own. */
async function linkDependencies(root: string): Promise<void> {
  const installed = join(ROOT, 'node_modules');
  const own = join(root, 'node_modules');
  await mkdir(join(own, '@lockstep'), { recursive: true });
  for (const name of await readdir(installed))
    if (name !== '@lockstep') await symlink(join(installed, name), join(own, name));
  for (const name of await readdir(join(installed, '@lockstep'))) {
    const workspace = await readlink(join(installed, '@lockstep', name));
    await symlink(workspace, join(own, '@lockstep', name));
    await linkOwn(workspace.replace(/^(\.\.\/)+/, ''), root);
  }
}

async function linkOwn(workspace: string, root: string): Promise<void> {
  const installed = join(ROOT, workspace, 'node_modules');
  if (existsSync(installed)) await symlink(installed, join(root, workspace, 'node_modules'));
}
