import { createHash, timingSafeEqual } from 'node:crypto';
import { NAME_PATTERN } from '@lockstep/contracts';

/** Who a request comes from. The tenant is known from here only, never from an argument (G7). */
export interface Caller {
  readonly tenant: string;
  /** Recorded with decisions: tells keys of one tenant apart without revealing them. */
  readonly by: string;
  /** Whether it may change what all tenants share. */
  readonly operator: boolean;
}

/** Whoever reaches a gateway that listens on loopback and has no keys. */
export const LOCAL_CALLER: Caller = { tenant: 'default', by: 'local', operator: true };

const MIN_KEY_CHARACTERS = 16;

/** The API keys of an installation; only their hashes are kept. */
export class ApiKeys {
  private constructor(private readonly keys: readonly (Caller & { readonly hash: Buffer })[]) {}

  /**
   * @param text - `<key>=<tenant>` pairs, separated by commas or lines; `#` begins a comment line. Behind the tenant,
   *   `+operator` lets the key change what all tenants share
   * @throws Error that says what is wrong with which pair, without showing a key
   */
  static parse(text: string): ApiKeys {
    const pairs = text
      .split(/[\n,]/)
      .map((pair) => pair.trim())
      .filter((pair) => pair !== '' && !pair.startsWith('#'));
    return new ApiKeys(pairs.map(parsePair));
  }

  get isEmpty(): boolean {
    return this.keys.length === 0;
  }

  /** Takes the same time whatever the key, and wherever in the list it stands. */
  find(key: string): Caller | null {
    const hash = hashOf(key);
    let found: Caller | null = null;
    for (const known of this.keys) {
      if (!timingSafeEqual(known.hash, hash)) continue;
      const { tenant, by, operator } = known;
      found = { tenant, by, operator };
    }
    return found;
  }
}

const OPERATOR = /\+operator$/;

function parsePair(pair: string, index: number): Caller & { readonly hash: Buffer } {
  const at = pair.lastIndexOf('=');
  const [key, owner] = [pair.slice(0, at), pair.slice(at + 1)];
  const tenant = owner.replace(OPERATOR, '');
  if (at < 0 || !NAME_PATTERN.test(tenant)) {
    throw new Error(
      `API key ${index + 1} must be <key>=<tenant>, the tenant a lowercase letter followed by ` +
        'up to 62 letters, digits or hyphens, and +operator behind it or nothing',
    );
  }
  if (key.length < MIN_KEY_CHARACTERS) {
    throw new Error(`API key ${index + 1} must have at least ${MIN_KEY_CHARACTERS} characters`);
  }
  const hash = hashOf(key);
  const by = `key:${hash.toString('hex').slice(0, 8)}`;
  return { hash, tenant, by, operator: OPERATOR.test(owner) };
}

const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();
