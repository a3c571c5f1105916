#!/usr/bin/env node
// What npm links as `lockstep`: it is there before the first build, and says what to do then.

import { existsSync } from 'node:fs';
import { join } from 'node:path';

const main = join(import.meta.dirname, '..', 'dist', 'main.js');
if (existsSync(main)) await import('../dist/main.js');
else {
  console.error('lockstep is not built yet; in its repository: npm run build');
  process.exitCode = 1;
}
