// Settings come from environment variables: the field `httpPort` from LOCKSTEP_HTTP_PORT, or from the file that
// LOCKSTEP_HTTP_PORT_FILE names.

import 'reflect-metadata';
import { getMetadataStorage, validateSync, type ValidationError } from 'class-validator';
import { type Environment, withFiles } from './from-files.js';
import { InvalidSettings, type SettingProblem } from './invalid-settings.js';

export type ConfigClass<Config extends object> = new () => Config;

/**
 * Reads the settings that a class describes: class-validator rules on its fields, defaults as their initial
 * values. A variable that is empty counts as not set.
 *
 * @throws InvalidSettings that names every variable that does not fit
 */
export function loadConfig<Config extends object>(
  configClass: ConfigClass<Config>,
  environment: Environment,
): Config {
  const fields = fieldsOf(configClass);
  const given = withFiles(fields.map(variableOf), environment);
  const config = new configClass();
  for (const field of fields) {
    const text = given.environment[variableOf(field)];
    if (text) Reflect.set(config, field, parsed(config, field, text));
  }
  const defaults = new configClass();
  const unfit = validateSync(config).map((error) => problemOf(error, given.environment, defaults));
  const problems = [...given.problems, ...unfit];
  if (problems.length > 0) throw new InvalidSettings(problems);
  return config;
}

/** `httpPort` is set by `LOCKSTEP_HTTP_PORT`. */
export const variableOf = (field: string): string =>
  `LOCKSTEP_${field.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

function fieldsOf(configClass: ConfigClass<object>): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(configClass, '', false, false);
  return [...new Set(rules.map((rule) => rule.propertyName))];
}

const WORDS = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** A number or a boolean where the field is one; text that is neither stays, and breaks the field's rule. */
function parsed(config: object, field: string, text: string): unknown {
  switch (typeOf(config, field)) {
    case 'number':
      return Number.isNaN(Number(text)) ? text : Number(text);
    case 'boolean':
      return WORDS.get(text.toLowerCase()) ?? text;
    default:
      return text;
  }
}

/** By its default or, where there is none, by its declaration. */
function typeOf(config: object, field: string): string {
  const fallback: unknown = Reflect.get(config, field);
  if (fallback !== undefined) return typeof fallback;
  const declared = Reflect.getMetadata('design:type', config, field) as
    { name: string } | undefined;
  return declared?.name.toLowerCase() ?? 'string';
}

function problemOf(
  { property, constraints = {} }: ValidationError,
  environment: Environment,
  defaults: object,
): SettingProblem {
  const variable = variableOf(property);
  const rules = Object.values(constraints).map((rule) => rule.replace(`${property} `, 'it '));
  const came = environment[variable];
  const fallback: unknown = Reflect.get(defaults, property);
  return {
    variable,
    expected: rules.join(' and '),
    came: came ? withoutSecrets(variable, came) : undefined,
    fallback: fallback === undefined ? undefined : textOf(fallback),
  };
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

function withoutSecrets(variable: string, text: string): string {
  if (/KEY|SECRET|TOKEN|PASSWORD/.test(variable)) return '(hidden)';
  return text.replace(/\/\/[^/@]*@/, '//(hidden)@');
}
