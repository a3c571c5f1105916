import 'reflect-metadata';
import { demonstrate } from './demonstrate.js';
import { parseOptions } from './options.js';
import { endOnSignal } from './show/end-on-signal.js';

const signal = endOnSignal();
try {
  process.exitCode = await demonstrate(parseOptions(process.argv), signal);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
