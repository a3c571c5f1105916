import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** How long a client may take nothing of what waits for it before it is dropped. */
const STALL_MS = 30_000;

export interface ServerEvent {
  /** Where a client that comes back resumes. */
  readonly id?: number;
  readonly event: string;
  /** JSON text. */
  readonly data: string;
}

/** Tells a client, and whatever lies between, that the stream lives; unit ms. */
export const HEARTBEAT_MS = 15_000;
export const HEARTBEAT = ': still here\n\n';

/** One event as `text/event-stream` has it. JSON text holds no line break, so one data line is enough. */
export function eventText({ id, event, data }: ServerEvent): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `${idLine}event: ${event}\ndata: ${data}\n\n`;
}

/**
 * Sends events as fast as the client takes them: what it has not taken is not read, so nothing piles up.
 *
 * @param stallMs - a client that takes nothing for so long is cut off
 */
export async function sendEvents(
  reply: FastifyReply,
  events: AsyncIterable<string>,
  stallMs = STALL_MS,
): Promise<void> {
  reply.raw.setTimeout(stallMs, () => {
    reply.raw.destroy();
  });
  const stream = Readable.from(events, { objectMode: false, highWaterMark: 1 });
  await reply.type('text/event-stream').header('x-accel-buffering', 'no').send(stream);
}
