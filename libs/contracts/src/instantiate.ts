import type { PayloadClass } from './payload.js';
import { fieldsOf, nestedClass } from './payload-class.js';

// What class-transformer's plainToInstance does for a class that converts, renames and hides
// nothing (payload-class.ts). It took more than half of the time of a validation, and drops keys
// that a class has as methods; here they stay, for the validator to refuse.
// The value must have passed findJsonFlaw: no cycle, no "__proto__".

type NestedFields = ReadonlyMap<string, PayloadClass<unknown>>;

const known = new WeakMap<PayloadClass<unknown>, NestedFields>();

/** An instance with the value's fields, nested classes included; undefined fields are left out. */
export function instantiate<Payload>(payload: PayloadClass<Payload>, plain: object): Payload {
  const instance = new payload();
  const nested = nestedFields(payload);
  for (const [field, value] of Object.entries(plain) as [string, unknown][]) {
    if (value === undefined) continue;
    const type = nested.get(field);
    // Not an assignment: that would throw for a field which the class computes by a getter.
    Reflect.set(instance as object, field, type ? instantiateWithin(type, value) : value);
  }
  return instance;
}

function instantiateWithin(payload: PayloadClass<unknown>, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => instantiateWithin(payload, item));
  return typeof value === 'object' && value !== null ? instantiate(payload, value) : value;
}

function nestedFields(payload: PayloadClass<unknown>): NestedFields {
  const fields = known.get(payload) ?? new Map(nestedEntries(payload));
  known.set(payload, fields);
  return fields;
}

function nestedEntries(payload: PayloadClass<unknown>): [string, PayloadClass<unknown>][] {
  return fieldsOf(payload).flatMap((field) => {
    const nested = nestedClass(payload, field);
    return nested ? [[field, nested]] : [];
  });
}
