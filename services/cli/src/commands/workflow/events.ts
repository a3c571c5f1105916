import { createInterface } from 'node:readline/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Command } from 'commander';
import { type EventJson, eventLine } from '../../output/event-line.js';
import { asksGateway } from '../../session/session.js';
import { wholeNumber } from '../../session/whole-number.js';
import type { Shell } from '../../shell/shell.js';
import { workflowPath } from './path.js';

interface EventsOptions {
  readonly after: number;
  readonly limit?: number;
}

const NDJSON = { accept: 'application/x-ndjson' };

export function addEvents(workflow: Command, shell: Shell): void {
  const command = workflow
    .command('events <id>')
    .description('Read what happened in a workflow, a line an event')
    .option('--after <version>', 'only events behind it', wholeNumber(0), 0)
    .option('--limit <n>', 'how many, at most (default: all)', wholeNumber(1, 1000));
  asksGateway(command, shell, async ({ gateway, out }, id: string, options: EventsOptions) => {
    const { after, limit } = options;
    const { body } = await gateway.stream(workflowPath(id, 'events', { after, limit }), NDJSON);
    const lines = createInterface({ input: Readable.fromWeb(body as ReadableStream) });
    for await (const line of lines) {
      out.line(out.json ? line : eventLine(JSON.parse(line) as EventJson, out));
    }
  });
}
