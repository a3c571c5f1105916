// A payload class *is* its JSON: what is written is what is read, and nothing passes unseen.
//
//   P1. It is built without arguments.
//   P2. A field that holds another class says so twice, to the transformer and to the validator.
//   P3. No field is renamed, hidden or converted: "5" never becomes 5, dates travel as text.
//   P4. Rules answer at once: a promise would be taken for a yes.
//   P5. An array is an array and a nested object is one. Rules for `each` item say yes to a single
//       value, and nested validation to an empty array.
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { TransformationType, type TypeMetadata } from 'class-transformer';
import { getMetadataStorage, IsArray, IsObject, ValidationTypes } from 'class-validator';

import { Nothing, type PayloadClass } from './payload.js';
import { InvalidContract } from './violations.js';

type Rule = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];

const BUILT_IN = new Set<unknown>([String, Number, Boolean, Date, Object, Array, Map, Set, Buffer]);
const checked = new WeakSet<object>([Nothing]);

/** The names of the fields that have a rule, inherited ones included. */
export function fieldsOf(payload: PayloadClass<unknown>): string[] {
  return [...new Set(rulesOf(payload).map((rule) => rule.propertyName))];
}

/** The class that a field holds, alone or in an array; undefined when it holds plain JSON. */
export function nestedClass(
  payload: PayloadClass<unknown>,
  field: string,
): PayloadClass<unknown> | undefined {
  const type = defaultMetadataStorage.findTypeMetadata(payload, field) as TypeMetadata | undefined;
  return type?.typeFunction() as PayloadClass<unknown> | undefined;
}

/** All classes that instances of a class may hold, at any depth; itself only if it holds itself. */
export function nestedClasses(
  payload: PayloadClass<unknown>,
  found = new Set<PayloadClass<unknown>>(),
): ReadonlySet<PayloadClass<unknown>> {
  for (const field of fieldsOf(payload)) {
    const nested = nestedClass(payload, field);
    if (nested && !found.has(nested)) nestedClasses(nested, found.add(nested));
  }
  return found;
}

/** @throws InvalidContract when instances could not be validated whole (P1 to P4; P5 is added) */
export function checkPayloadClass(payload: PayloadClass<unknown>): void {
  for (const each of [payload, ...nestedClasses(payload)]) {
    if (!checked.has(each)) checkOne(each);
    checked.add(each);
  }
}

function checkOne(payload: PayloadClass<unknown>): void {
  if (payload.length > 0) refuse(payload, 'has a constructor with arguments'); // P1
  if (fieldsOf(payload).length === 0) refuse(payload, 'has no field with a class-validator rule');
  if (
    defaultMetadataStorage.getExposedMetadatas(payload).length > 0 ||
    defaultMetadataStorage.getExcludedMetadatas(payload).length > 0
  ) {
    refuse(payload, 'uses @Expose or @Exclude, but a payload is read as it was written'); // P3
  }
  if ('toJSON' in (payload.prototype as object)) refuse(payload, 'has a toJSON method'); // P3
  for (const field of fieldsOf(payload)) checkField(payload, field);
}

function checkField(payload: PayloadClass<unknown>, field: string): void {
  const rules = rulesOf(payload).filter((rule) => rule.propertyName === field);
  const { PLAIN_TO_CLASS } = TransformationType;
  if (defaultMetadataStorage.findTransformMetadatas(payload, field, PLAIN_TO_CLASS).length > 0) {
    refuse(payload, `uses @Transform on ${field}, but a payload is read as it was written`); // P3
  }
  if (rules.some(isAsync)) refuse(payload, `has a rule on ${field} that answers later`); // P4
  const isNested = checkNesting(payload, field, rules);
  const prototype = payload.prototype as object;
  const type: unknown = Reflect.getMetadata('design:type', prototype, field);
  if (type === Array || rules.some((rule) => rule.each))
    IsArray()(prototype, field); // P5
  else if (isNested) IsObject()(prototype, field); // P5
}

/** Whether the field holds another class, as an object or in an array (P2, P3). */
function checkNesting(
  payload: PayloadClass<unknown>,
  field: string,
  rules: readonly Rule[],
): boolean {
  const nested = nestedClass(payload, field);
  const isValidated = rules.some((rule) => rule.type === ValidationTypes.NESTED_VALIDATION);
  if (!nested && !isValidated) return false;
  if (!nested) refuse(payload, `needs @Type(() => …) beside @ValidateNested on ${field}`);
  if (BUILT_IN.has(nested)) refuse(payload, `converts ${field} to ${nested.name} by @Type`);
  if (isUnion(payload, field)) refuse(payload, `chooses the class of ${field} by a discriminator`);
  if (!isValidated) refuse(payload, `needs @ValidateNested() beside @Type on ${field}`);
  return true;
}

function isUnion(payload: PayloadClass<unknown>, field: string): boolean {
  return (
    defaultMetadataStorage.findTypeMetadata(payload, field).options.discriminator !== undefined
  );
}

function rulesOf(payload: PayloadClass<unknown>): Rule[] {
  return getMetadataStorage().getTargetValidationMetadatas(payload, '', true, false);
}

function isAsync(rule: Rule): boolean {
  return getMetadataStorage()
    .getTargetValidatorConstraints(rule.constraintCls)
    .some((constraint) => constraint.async);
}

function refuse(payload: PayloadClass<unknown>, reason: string): never {
  throw new InvalidContract(`${payload.name} cannot be a payload: it ${reason}`, {
    class: payload.name,
  });
}
