import type { Command } from './command.js';

/** Sees every call that the store works on, in their order: whoever appends has the newest claim, and appends a thing once. */
export class Witness {
  /** What must not have been, in words. */
  readonly wrongs: string[] = [];
  /** The newest claim of each task. */
  readonly #claims = new Map<string, string>();
  /** Appends that were carried out, by claim and number. */
  readonly #appended = new Set<string>();

  saw({ name, args: [called, , , ...args] }: Command, reply: unknown): void {
    if (name !== 'fcall' || !Array.isArray(reply)) return;
    const lines = args.map(String);
    const replies = reply as readonly unknown[];
    if (String(called).endsWith('_claim')) this.#sawClaims(lines.slice(4), replies);
    if (String(called).endsWith('_append')) this.#sawAppends(lines, replies);
  }

  #sawClaims(lines: readonly string[], replies: readonly unknown[]): void {
    for (const [at, line] of lines.entries()) {
      const [wf, task, , claim] = line.split(' ');
      const [answer] = replies[at] as readonly unknown[];
      if (answer === 'ok') this.#claims.set(`${wf} ${task}`, String(claim));
    }
  }

  #sawAppends(lines: readonly string[], replies: readonly unknown[]): void {
    const appends = lines.filter((line) => line.startsWith('append '));
    for (const [at, line] of appends.entries()) {
      if (String(replies[at]).startsWith('ok ')) this.#carriedOut(line);
    }
  }

  #carriedOut(line: string): void {
    const [, wf, task, claim, number] = line.split(' ');
    const newest = this.#claims.get(`${wf} ${task}`);
    if (claim !== newest)
      this.wrongs.push(`G2: ${task} was written by ${claim}, ${newest} is newer`);
    const append = `${claim} ${number}`;
    if (this.#appended.has(append)) this.wrongs.push(`G3: ${task} was written twice by ${append}`);
    this.#appended.add(append);
  }
}
