// A value survives the way through JSON only if it is JSON already. Maps, dates, NaN and the like
// change without a word; a key that every object has ("__proto__", "toString") is dropped or worse.

/** Where a value stops being JSON: keys from the outside in, the rule, and what is there. */
export interface JsonFlaw {
  readonly path: (string | number)[];
  readonly expected: string;
  readonly value: unknown;
}

/** Deeper than any sensible payload, and far from the end of the stack. */
const MAX_DEPTH = 64;

/** The first place where `value` is not JSON. Fields that are undefined count as absent. */
export function findJsonFlaw(value: unknown, depth = 0): JsonFlaw | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'object') return findFlawWithin(value, depth);
  if (typeof value !== 'number') return flaw('must be JSON', value);
  return Number.isFinite(value) ? undefined : flaw('must be a finite number', value);
}

function findFlawWithin(value: object, depth: number): JsonFlaw | undefined {
  if (depth >= MAX_DEPTH) return flaw(`must not nest deeper than ${MAX_DEPTH} levels`, '…');
  if (Array.isArray(value)) return findFlawInItems(value, depth);
  if (Object.prototype.toString.call(value) !== '[object Object]' || 'toJSON' in value) {
    return flaw('must be JSON: text, a number, true, false, null, an array or an object', value);
  }
  for (const [key, field] of Object.entries(value)) {
    if (key in Object.prototype) return flaw('must not be used as a key', key, key);
    const found = field === undefined ? undefined : findJsonFlaw(field, depth + 1);
    if (found) return within(key, found);
  }
  return undefined;
}

function findFlawInItems(items: readonly unknown[], depth: number): JsonFlaw | undefined {
  for (const [index, item] of items.entries()) {
    const found = findJsonFlaw(item, depth + 1);
    if (found) return within(index, found);
  }
  return undefined;
}

function flaw(expected: string, value: unknown, ...path: string[]): JsonFlaw {
  return { path, expected, value };
}

function within(key: string | number, found: JsonFlaw): JsonFlaw {
  found.path.unshift(key);
  return found;
}
