import { createHash } from 'node:crypto';

/**
 * Canonical JSON: object members sorted by key (by code unit), no white space,
 * strings and numbers as `JSON.stringify` writes them (so negative zero is `0`).
 * RFC 8785 as far as the retail data goes.
 *
 * A recursive writer, because an object built in sorted order is not enough:
 * engines list keys that look like array indices first.
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  return `{${members(value).join(',')}}`;
}

function members(object: object): string[] {
  return Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([key, value]) => `${JSON.stringify(key)}:${canonical(value)}`);
}

/** Orders two strings by code unit, never by locale. */
export function byCodeUnit(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** SHA-256 of a text's UTF-8 bytes, in hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** SHA-256 of a value's canonical JSON, in hex. */
export function digestOf(value: unknown): string {
  return sha256(canonical(value));
}
