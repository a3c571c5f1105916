import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseDigest, type RetailDatabase } from '@lockstep/retail/shop';
import { Shop } from '../src/store/shop.js';
import { StoreFile } from '../src/store/store-file.js';

/** A shop over a folder of its own, which goes with it. */
export function temporaryShop(initial: RetailDatabase) {
  const folder = mkdtempSync(join(tmpdir(), 'shop-'));
  const file = new StoreFile(folder, new DatabaseDigest(initial).digest());
  const close = () => {
    file.close();
    rmSync(folder, { recursive: true });
  };
  return { shop: new Shop(file, initial), close };
}
