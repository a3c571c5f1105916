// A supervisor that dies at a chosen call, right before it is made or right after: to the store, or to the disk.

import fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Files } from '../../src/archive/archive.js';

export class Died extends Error {}

export class Life {
  private calls = 0;
  private isDead = false;

  /** @param until - the call that it dies at, counted from 1 */
  constructor(
    private readonly until: number,
    private readonly when: 'before' | 'after',
  ) {}

  /** Whether it came to the call that it should die at. */
  get hasEnded(): boolean {
    return this.isDead;
  }

  /** The same object; whoever is dead makes no further call of it. */
  of<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const found: unknown = Reflect.get(target, name);
        if (typeof found !== 'function') return found;
        return (...args: unknown[]) =>
          this.call(() => found.apply(target, args) as Promise<unknown>);
      },
    });
  }

  files(): Files {
    const open = async (...args: Parameters<Files['open']>): Promise<FileHandle> =>
      this.file(await this.call(() => fs.open(...args)));
    const { mkdir, rename, rm } = fs;
    return { ...this.of({ mkdir, rename, rm }), open };
  }

  /** One that dies while it writes has written a part. */
  private file(handle: FileHandle): FileHandle {
    const halfWay = (text: string): Promise<void> =>
      handle.writeFile(text.slice(0, text.length / 2));
    const writeFile = (text: string): Promise<void> =>
      this.call(
        () => handle.writeFile(text),
        () => halfWay(text),
      );
    const sync = (): Promise<void> => this.call(() => handle.sync());
    return { writeFile, sync, [Symbol.asyncDispose]: () => handle.close() } as FileHandle;
  }

  private async call<T>(make: () => Promise<T>, dying = (): unknown => undefined): Promise<T> {
    this.calls += 1;
    const isLast = this.calls === this.until;
    if (this.isDead) throw new Died();
    this.isDead = isLast;
    if (isLast && this.when === 'before') {
      await dying();
      throw new Died();
    }
    const answer = await make();
    if (isLast) throw new Died();
    return answer;
  }
}
