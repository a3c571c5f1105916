// Writes the generated part of docs/reference/cli.md, below what people wrote there.

import { readFileSync, writeFileSync } from 'node:fs';
import { buildProgram } from '../program.js';
import { processShell } from '../shell/process-shell.js';
import { GENERATED, referenceOf } from './reference.js';

const [, , file = 'cli.md'] = process.argv;
const [byHand = ''] = readFileSync(file, 'utf8').split(GENERATED);
writeFileSync(file, byHand + referenceOf(buildProgram(processShell())));
