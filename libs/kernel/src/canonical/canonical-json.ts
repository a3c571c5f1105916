import { configure } from 'safe-stable-stringify';

const stringify = configure({ bigint: false, circularValue: Error, strict: true });

/** The one JSON text of a value: keys sorted, nothing between tokens. Equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  return stringify(value) ?? 'null';
}
