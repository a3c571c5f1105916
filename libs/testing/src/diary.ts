import { appendFile } from 'node:fs/promises';

/** What was done to a run and how it came through: a line of JSON each, for whoever looks into it later. */
export class Diary {
  #written: Promise<void> = Promise.resolve();

  constructor(private readonly file: string) {}

  note(what: string, facts: object): void {
    const line = JSON.stringify({ at: new Date().toISOString(), what, ...facts });
    this.#written = this.#written.then(() => appendFile(this.file, `${line}\n`));
  }

  /** Resolves when everything is in the file. */
  async close(): Promise<void> {
    await this.#written;
  }
}
