import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RetailDatabase } from '@lockstep/retail/shop';

/** Reads the database that every other one begins as. @throws Error that names the missing file */
export function readInitialDatabase(folder: string): RetailDatabase {
  return {
    users: readTable(folder, 'users'),
    orders: readTable(folder, 'orders'),
    products: readTable(folder, 'products'),
  };
}

function readTable<T extends keyof RetailDatabase>(folder: string, table: T): RetailDatabase[T] {
  const path = join(folder, `${table}.json`);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RetailDatabase[T];
  } catch (cause) {
    throw new Error(`SHOP_INITIAL_DIR: ${path} cannot be read as JSON`, { cause });
  }
}
