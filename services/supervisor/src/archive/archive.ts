// A folder of archived workflows.
//
//   F1. A file is there as a whole or not at all, and survives a power loss from when `keep` has answered: written
//       beside its place, brought to the disk, renamed, and the folder brought to the disk as well.
//   F2. Several may keep the same workflow at once: their texts are the same.

import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { ArchiveText } from './format.js';

/** What an archive asks of the file system. */
export type Files = Pick<typeof fs, 'mkdir' | 'open' | 'rename' | 'rm'>;

export class Archive {
  /** Folders that are on the disk. */
  private readonly made = new Set<string>();

  private readonly folder: string;

  constructor(
    folder: string,
    private readonly files: Files = fs,
  ) {
    this.folder = resolve(folder);
  }

  /** Answers how many bytes it wrote. */
  async keep({ path, text }: ArchiveText): Promise<number> {
    const place = join(this.folder, path);
    const beside = `${place}.${randomBytes(6).toString('hex')}.part`;
    await this.make(dirname(place));
    try {
      await this.write(beside, text);
      await this.files.rename(beside, place);
    } catch (error) {
      this.made.delete(dirname(place));
      await this.files.rm(beside, { force: true });
      throw error;
    }
    await this.sync(dirname(place));
    return Buffer.byteLength(text);
  }

  /** A folder, and those above it up to where the archive lies. */
  private async make(folder: string): Promise<void> {
    if (this.made.has(folder)) return;
    await this.files.mkdir(folder, { recursive: true });
    const top = dirname(this.folder);
    for (let at = folder; at !== top; at = dirname(at)) await this.sync(dirname(at));
    this.made.add(folder);
  }

  private async write(path: string, text: string): Promise<void> {
    await using file = await this.files.open(path, 'wx');
    await file.writeFile(text);
    await file.sync();
  }

  private async sync(folder: string): Promise<void> {
    await using handle = await this.files.open(folder, 'r');
    await handle.sync();
  }
}
