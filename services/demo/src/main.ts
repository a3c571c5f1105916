import 'reflect-metadata';
import { endOnSignal } from '@lockstep/testing';
import { demonstrate } from './demonstrate.js';
import { parseOptions } from './options.js';

const signal = endOnSignal();
try {
  process.exitCode = await demonstrate(parseOptions(process.argv), signal);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
