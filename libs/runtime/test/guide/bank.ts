// #region bank
import { NotPerformed, Rejected } from '@lockstep/runtime';

export interface Entry {
  readonly entryId: string;
  readonly amountCents: number;
}

/** The bank's API, as far as refunds need it. */
export class Bank {
  constructor(private readonly url = 'http://127.0.0.1:9000') {}

  async book(reference: string, amountCents: number, signal: AbortSignal): Promise<Entry> {
    const body = JSON.stringify({ reference, amountCents });
    const response = await fetch(`${this.url}/entries`, { method: 'POST', body, signal });
    if (response.status === 503) throw new NotPerformed('the bank is busy'); // nothing happened
    if (response.status === 422) throw new Rejected(await response.text()); // a definite no
    if (!response.ok) throw new Error(`the bank answered ${response.status}`); // who knows
    return (await response.json()) as Entry;
  }

  /** The entry under a reference; null when there is none. */
  async find(reference: string, signal: AbortSignal): Promise<Entry | null> {
    const url = `${this.url}/entries/${encodeURIComponent(reference)}`;
    const response = await fetch(url, { signal });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`the bank answered ${response.status}`);
    return (await response.json()) as Entry;
  }
}
// #endregion bank
