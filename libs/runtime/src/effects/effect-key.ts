import { digestOf, InvalidName } from '@lockstep/store';

const MAX_CHARS = 256;
// eslint-disable-next-line no-control-regex -- what a header or a provider's log could not carry
const CONTROL = /[\u0000-\u001f\u007f]/;
/** How a further occurrence is told to the provider: a key that looks like one could be taken for another's. */
const OCCURRENCE = /~\d+$/;

/** What the provider should know the action by; a further occurrence is another action to it. */
export const providerKey = (key: string, occurrence: number): string =>
  occurrence === 1 ? key : `${key}~${occurrence}`;

/** What the action that undoes this occurrence is known by: the outside world must not take it for the effect itself. */
export function undoKey(key: string, occurrence: number): string {
  const prefix = occurrence === 1 ? 'undo:' : `undo-${occurrence}:`;
  return prefix.length + key.length <= MAX_CHARS ? prefix + key : prefix + digestOf(key);
}

/** @throws InvalidName unless an effect can be used under this key */
export function checkKey(action: string, key: unknown): void {
  const rule = violatedBy(key);
  if (rule !== null) throw new InvalidName(`the key of effect ${action}`, String(key), rule);
}

function violatedBy(key: unknown): string | null {
  if (typeof key !== 'string' || key.length === 0 || key.length > MAX_CHARS)
    return `it is a text of 1 to ${MAX_CHARS} characters`;
  if (CONTROL.test(key)) return 'it has no line breaks, tabs or other control characters';
  if (OCCURRENCE.test(key))
    return 'it does not end in ~ and a number: that is what tells a further occurrence';
  return null;
}
