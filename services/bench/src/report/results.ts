import { createRequire } from 'node:module';
import { cpus, totalmem } from 'node:os';
import type { Section } from '../bench.js';
import type { Options } from '../options.js';
import { ratioOf } from './row.js';

/** What a run found, and on what machine, for whoever compares it with another. */
export function results(sections: readonly Section[], { quick, only }: Options): object {
  return {
    at: new Date().toISOString(),
    quick,
    ...(only === undefined ? {} : { only }),
    machine: {
      cpus: cpus().map(({ model }) => model),
      memoryBytes: totalmem(),
      node: process.version,
      bullmq: bullmqVersion(),
    },
    sections: sections.map(({ fsync, rows, details }) => ({
      fsync,
      rows: rows.map((row) => ({ ...row, ratio: ratioOf(row) })),
      details,
    })),
  };
}

function bullmqVersion(): string {
  const require = createRequire(import.meta.url);
  return (require('bullmq/package.json') as { readonly version: string }).version;
}
