import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { targetConstructorToSchema } from 'class-validator-jsonschema';

import { Nothing, type PayloadClass } from './payload.js';
import { checkPayloadClass, nestedClasses } from './payload-class.js';
import { InvalidContract } from './violations.js';

/** A schema of draft 2020-12, also valid where OpenAPI 3.1 and AsyncAPI 3.0 take one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of a payload's class, with the classes that it nests under `$defs`.
 *
 * @throws InvalidContract when the class cannot be a payload, or nests two classes of one name
 */
export function jsonSchemaOf(payload: PayloadClass<unknown>): JsonSchema {
  checkPayloadClass(payload);
  const $defs = schemasByName(nestedClasses(payload), '#/$defs/');
  const schema = schemaOf(payload, '#/$defs/');
  return Object.keys($defs).length === 0 ? schema : { ...schema, $defs };
}

/**
 * The schemas of the given classes and of all that they nest, by class name.
 *
 * @param refPrefix - what a reference to another class starts with, as in `#/components/schemas/`
 * @throws InvalidContract when two different classes have one name
 */
export function schemasByName(
  payloads: Iterable<PayloadClass<unknown>>,
  refPrefix: string,
): Readonly<Record<string, JsonSchema>> {
  const byName = new Map<string, PayloadClass<unknown>>();
  for (const payload of payloads) {
    for (const each of [payload, ...nestedClasses(payload)]) {
      if ((byName.get(each.name) ?? each) !== each) {
        throw new InvalidContract(`two payload classes are named ${each.name}: rename one`);
      }
      byName.set(each.name, each);
    }
  }
  return Object.fromEntries([...byName].map(([name, each]) => [name, schemaOf(each, refPrefix)]));
}

function schemaOf(payload: PayloadClass<unknown>, refPointerPrefix: string): JsonSchema {
  if (payload === Nothing) return { type: 'null' };
  const schema = targetConstructorToSchema(payload, {
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix,
  });
  return { ...schema, additionalProperties: false };
}
