// A workflow's events as they are recorded, from one connection to the next.
//
//   F1. A stream that breaks goes on behind the last event that came: nothing is missed, nothing is told twice.
//   F2. A gateway that was never reached is told at once; one that was lost is looked for, for a while.

import { setTimeout as pause } from 'node:timers/promises';
import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream';
import { CliError } from '../exit/cli-error.js';
import { EXIT } from '../exit/exit-codes.js';
import type { Gateway } from './gateway.js';

/** How long a lost gateway is looked for, unit ms. */
const LOOKED_FOR_MS = 120_000;
const RETRY = { baseMs: 100, capMs: 5000 } as const;

export interface Following {
  /** Path of the stream. */
  readonly path: string;
  /** Version behind which it begins. */
  readonly after: number;
  readonly signal: AbortSignal;
  /** The connection is gone; it is tried again. */
  readonly lost: (reason: string) => void;
}

/**
 * The messages of a stream, to its `end`; none when everything has been told before.
 *
 * @throws Refused, CliError when the gateway cannot be reached (F2)
 */
export async function* follow(
  gateway: Pick<Gateway, 'stream'>,
  { path, after, signal, lost }: Following,
): AsyncGenerator<EventSourceMessage> {
  let lastId = String(after);
  let reachedAtMs: number | null = null;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await gateway.stream(path, { 'last-event-id': lastId });
      [reachedAtMs, attempt] = [performance.now(), 0];
      if (answer.status === 204) return;
      for await (const message of messagesOf(answer)) {
        lastId = message.id ?? lastId; // F1
        yield message;
        if (message.event === 'end') return;
      }
      lost('the gateway ended the stream');
    } catch (error) {
      if (signal.aborted || !isLost(error, reachedAtMs)) throw error;
      if (attempt === 0) lost((error as Error).message);
    }
    await pause(retryInMs(attempt), undefined, { signal });
  }
}

async function* messagesOf({ body }: Response): AsyncGenerator<EventSourceMessage> {
  if (!body) return;
  yield* body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}

/** What was lost may come back: a stream that broke, or a gateway that is away since a short time (F2). */
function isLost(error: unknown, reachedAtMs: number | null): boolean {
  if (reachedAtMs === null || performance.now() - reachedAtMs > LOOKED_FOR_MS) return false;
  return !(error instanceof CliError) || error.exitCode === EXIT.unreachable;
}

const retryInMs = (attempt: number): number =>
  Math.random() * Math.min(RETRY.capMs, RETRY.baseMs * 2 ** attempt);
