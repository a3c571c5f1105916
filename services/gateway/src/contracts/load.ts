import { InvalidSettings } from '@lockstep/host';
import { Catalogue } from './catalogue.js';

/**
 * Imports the modules that an installation's contracts are in. What they export directly or in a list
 * counts.
 *
 * @param specifiers - package names, or URLs of files
 * @throws InvalidSettings naming the module that cannot be imported, or when there is no workflow, or two of
 *   one type
 */
export async function loadCatalogue(specifiers: readonly string[]): Promise<Catalogue> {
  const modules = await Promise.all(specifiers.map(importModule));
  const exported = modules.flatMap((module) => Object.values(module));
  const catalogue = catalogueOf([...exported, ...exported.flatMap(items)], specifiers);
  if (catalogue.types.length > 0) return catalogue;
  throw unfit(specifiers, 'there is none in what they export');
}

async function importModule(specifier: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(specifier)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw unfit([specifier], `importing ${specifier} failed: ${reasonOf(error)}`);
  }
}

function catalogueOf(values: readonly unknown[], specifiers: readonly string[]): Catalogue {
  try {
    return Catalogue.of(values);
  } catch (error) {
    throw unfit(specifiers, reasonOf(error));
  }
}

const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const unfit = (specifiers: readonly string[], reason: string): InvalidSettings =>
  new InvalidSettings([
    {
      variable: 'LOCKSTEP_CONTRACTS',
      expected: `it must name modules that export workflow contracts, and ${reason}`,
      came: specifiers.join(','),
      fallback: undefined,
    },
  ]);
