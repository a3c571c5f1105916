import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { variableOf } from '@lockstep/host';
import { getMetadataStorage } from 'class-validator';
import { namedRows, read, ROOT, sources } from './project.js';

type Value = string | number | boolean | string[] | undefined;
type Config = new () => Record<string, Value>;

const documented = namedRows('docs/reference/settings.md').map(
  ([variable = '', fallback = '']) => `${variable}=${fallback}`,
);

async function configClasses(): Promise<Config[]> {
  const files = sources().filter((file) => file.endsWith('config.ts'));
  const modules = await Promise.all(
    files.map((file) => import(join(ROOT, file)) as Promise<Record<string, unknown>>),
  );
  return modules
    .flatMap((module) => Object.values(module))
    .filter((value): value is Config => typeof value === 'function' && fieldsOf(value).length > 0);
}

/** The fields with a rule that a class declares itself. */
function fieldsOf(config: object): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(
    config as Config,
    '',
    false,
    false,
  );
  return [...new Set(rules.filter((rule) => rule.target === config).map((r) => r.propertyName))];
}

function settingsOf(config: Config): string[] {
  const defaults = new config();
  return fieldsOf(config).map((field) => {
    const variable = field === field.toUpperCase() ? field : variableOf(field);
    const value = defaults[field];
    const isSample = typeof value === 'string' && value.startsWith(ROOT);
    return `${variable}=${isSample ? value.slice(ROOT.length + 1) : shown(value)}`;
  });
}

const shown = (value: Value): string => (value === '' || value === undefined ? '–' : String(value));

const TESTING = ['extent.ts', 'redis/server.ts'].map((file) => `libs/testing/src/${file}`);

/** Variables that something reads without a config class. */
const readElsewhere = (): string[] =>
  [...sources(), ...TESTING, 'deploy/local/bootstrap.mjs']
    .flatMap((file) => [
      ...read(file).matchAll(/(?:process\.env(?:\.|\[')|\.env\(')((?:LOCKSTEP|SHOP)_\w+)/g),
    ])
    .map(([, variable = '']) => variable);

describe('the reference of settings', () => {
  it('has each setting of each service with its default, and no other', async () => {
    const inCode = (await configClasses()).flatMap(settingsOf);
    const variables = new Set(inCode.map((setting) => setting.split('=', 1)[0]));
    const others = readElsewhere().filter((variable) => !variables.has(variable));
    expect([...new Set(documented)].sort()).toEqual(
      [...new Set([...inCode, ...others.map((variable) => `${variable}=–`)])].sort(),
    );
  });
});
