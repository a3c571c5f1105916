/** A call that the outside world has acted on and does not answer. */
export interface HeldCall {
  /** The tool, `bank` or `mail`. */
  readonly target: string;
  readonly reference: string;
  readonly acted: boolean;
}

interface Faults {
  readonly at: readonly { readonly target: string }[];
  readonly held: readonly HeldCall[];
  readonly counts: Readonly<Record<string, number>>;
}

/** The outside world's faults: holds answers back, and tells which are held. */
export class OpenEffects {
  constructor(private readonly shopUrl: string) {}

  /** Has the next call of each target acted on and never answered, unless that waits to happen already. */
  async holdNext(targets: readonly string[]): Promise<void> {
    const { at } = await this.#faults();
    for (const target of targets) {
      if (at.some((aim) => aim.target === target)) continue;
      await this.#send('/faults/at', { target, kind: 'hang-after' });
    }
  }

  /** Calls to any of the targets between whose act and receipt a kill would strike now. */
  async held(targets: readonly string[]): Promise<HeldCall[]> {
    const { held } = await this.#faults();
    return held.filter(({ target, acted }) => acted && targets.includes(target));
  }

  /** How many faults have struck, of any kind. */
  async struck(): Promise<number> {
    const { counts } = await this.#faults();
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  async #faults(): Promise<Faults> {
    return (
      await this.#answered(fetch(new URL('/faults', this.shopUrl)))
    ).json() as Promise<Faults>;
  }

  async #send(path: string, body: object): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    await this.#answered(fetch(new URL(path, this.shopUrl), request));
  }

  async #answered(asked: Promise<Response>): Promise<Response> {
    const answer = await asked;
    if (answer.ok) return answer;
    throw new Error(`the shop refused to fail: ${await answer.text()}`);
  }
}
