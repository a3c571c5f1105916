// A payload class *is* its JSON: what is written is what is read, and nothing passes unseen.
//
//   P1. It is built without arguments.
//   P2. A field that holds another class says so twice, to the transformer and to the validator.
//   P3. No field is renamed, hidden or converted: "5" never becomes 5.
//   P4. Rules answer at once: a promise would be taken for a yes.
//   P5. A field of a class is an object, or an array if it is declared as one.
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, IsArray, IsObject, ValidationTypes } from 'class-validator';

import { Nothing, type PayloadClass } from './payload.js';
import { InvalidContract } from './violations.js';

type Rule = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];

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
  const type = defaultMetadataStorage.findTypeMetadata(payload, field);
  return type?.typeFunction() as PayloadClass<unknown> | undefined;
}

/** @throws InvalidContract when instances could not be validated whole (P1 to P4) */
export function checkPayloadClass(payload: PayloadClass<unknown>): void {
  if (checked.has(payload)) return;
  checked.add(payload);
  if (payload.length > 0) refuse(payload, 'has a constructor with arguments'); // P1
  if (fieldsOf(payload).length === 0) refuse(payload, 'has no field with a class-validator rule');
  if (
    defaultMetadataStorage.getExposedMetadatas(payload).length > 0 ||
    defaultMetadataStorage.getExcludedMetadatas(payload).length > 0
  ) {
    refuse(payload, 'uses @Expose or @Exclude, but a payload is read as it was written'); // P3
  }
  for (const field of fieldsOf(payload)) checkField(payload, field);
}

function checkField(payload: PayloadClass<unknown>, field: string): void {
  const rules = rulesOf(payload).filter((rule) => rule.propertyName === field);
  if (defaultMetadataStorage.findTransformMetadatas(payload, field, 0).length > 0) {
    refuse(payload, `uses @Transform on ${field}, but a payload is read as it was written`); // P3
  }
  if (rules.some(isAsync)) refuse(payload, `has a rule on ${field} that answers later`); // P4
  const nested = nestedClass(payload, field);
  const nesting = rules.find((rule) => rule.type === ValidationTypes.NESTED_VALIDATION);
  if (!nested && !nesting) return;
  if (!nested) return refuse(payload, `needs @Type(() => …) beside @ValidateNested on ${field}`); // P2
  if (!nesting) return refuse(payload, `needs @ValidateNested() beside @Type on ${field}`); // P2
  checkPayloadClass(nested);
  shapeRule(payload, field, nesting)(payload.prototype as object, field); // P5
}

function shapeRule(
  payload: PayloadClass<unknown>,
  field: string,
  nesting: Rule,
): PropertyDecorator {
  const declared: unknown = Reflect.getMetadata('design:type', payload.prototype as object, field);
  return nesting.each || declared === Array ? IsArray() : IsObject();
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
