import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { endOnSignal } from '@lockstep/testing';
import { bench } from './bench.js';
import { parseOptions } from './options.js';
import { results } from './report/results.js';
import { table } from './report/table.js';

const signal = endOnSignal();
const options = parseOptions(process.argv);
try {
  const sections = await bench(options, signal);
  for (const { fsync, rows } of sections) console.log(`\nappendfsync ${fsync}\n${table(rows)}`);
  const file = resolve(options.out);
  await writeFile(file, `${JSON.stringify(results(sections, options), null, 2)}\n`);
  console.log(file);
} catch (error) {
  console.error(signal.aborted ? 'ended before it was done' : error);
  process.exitCode = 1;
}
