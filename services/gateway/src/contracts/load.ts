import { Catalogue } from './catalogue.js';

/**
 * Imports the modules that an installation's contracts are in. What they export directly or in a list
 * counts.
 *
 * @param specifiers - package names, or URLs of files
 * @throws Error naming the module that cannot be imported, or when no workflow is found
 */
export async function loadCatalogue(specifiers: readonly string[]): Promise<Catalogue> {
  const modules = await Promise.all(specifiers.map(importModule));
  const exported = modules.flatMap((module) => Object.values(module));
  const catalogue = Catalogue.of([...exported, ...exported.flatMap(items)]);
  if (catalogue.types.length > 0) return catalogue;
  throw new Error(`LOCKSTEP_CONTRACTS: ${specifiers.join(', ')} exports no workflow contract`);
}

async function importModule(specifier: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(specifier)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw new Error(`LOCKSTEP_CONTRACTS: ${specifier} cannot be imported`, { cause });
  }
}

const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
