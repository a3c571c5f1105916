import { inspect } from 'node:util';

import { validateSync, type ValidationError, type ValidatorOptions } from 'class-validator';

import { instantiate } from './instantiate.js';
import { findJsonFlaw } from './json.js';
import type { PayloadClass } from './payload.js';
import type { FieldViolation } from './violations.js';

const STRICT: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  validationError: { target: false },
};
const CAME_CHARACTERS = 200;

/** The value as an instance of its class, or what is wrong with it. */
export type Validated<Payload> =
  { readonly instance: Payload } | { readonly violations: readonly FieldViolation[] };

/**
 * @param partial - fields may be left out, as in a change of the shared state; default false
 */
export function validate<Payload>(
  payload: PayloadClass<Payload>,
  value: unknown,
  { partial = false } = {},
): Validated<Payload> {
  const flaw = jsonViolation(value) ?? objectViolation(payload, value);
  if (flaw) return { violations: [flaw] };
  const instance = instantiate(payload, value as object);
  const errors = validateSync(instance as object, { ...STRICT, skipUndefinedProperties: partial });
  return errors.length === 0 ? { instance } : { violations: fieldViolations(errors) };
}

/** What keeps a value from being JSON, if anything does. */
function jsonViolation(value: unknown): FieldViolation | undefined {
  const flaw = findJsonFlaw(value);
  if (!flaw) return undefined;
  return { path: flaw.path.reduce(pathTo, ''), expected: flaw.expected, came: excerpt(flaw.value) };
}

/** A value as short JSON text for people; never a whole payload. */
export function excerpt(value: unknown): string {
  const text =
    typeof value === 'string' ? JSON.stringify(value.slice(0, CAME_CHARACTERS)) : textOf(value);
  return text.length <= CAME_CHARACTERS ? text : `${text.slice(0, CAME_CHARACTERS - 1)}…`;
}

function textOf(value: unknown): string {
  if (findJsonFlaw(value) === undefined) return JSON.stringify(value);
  return inspect(value, { depth: 0, breakLength: Infinity, customInspect: false });
}

function objectViolation(
  payload: PayloadClass<unknown>,
  value: unknown,
): FieldViolation | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return undefined;
  return { path: '', expected: `must be an object (${payload.name})`, came: excerpt(value) };
}

function fieldViolations(
  errors: readonly ValidationError[],
  parent = '',
  inArray = false,
): FieldViolation[] {
  return errors.flatMap((error) => {
    // A class without any rule is refused as a whole, without a property (NoState).
    const property = (error.property as string | undefined) ?? '';
    const path = pathTo(parent, inArray ? Number(property) : property);
    const own = Object.values(error.constraints ?? {}).map((rule) => expectation(rule, property));
    const nested = fieldViolations(error.children ?? [], path, Array.isArray(error.value));
    if (own.length === 0) return nested;
    return [{ path, expected: own.join(' and '), came: excerpt(error.value) }, ...nested];
  });
}

function expectation(rule: string, property: string): string {
  return rule.startsWith(`${property} `) ? rule.slice(property.length + 1) : rule;
}

function pathTo(parent: string, key: string | number): string {
  if (typeof key === 'number') return `${parent}[${key}]`;
  return parent === '' ? key : `${parent}.${key}`;
}
