import type { Message } from './message.js';

const READS = /^(xreadgroup|xautoclaim|xgroup)$/;
const ROUNDS = /_(heartbeat|fire|reap|forget)$/;

/** Whether it is what loops say again and again while nothing happens. */
export function isIdle({ from, call: { name, args }, reply }: Message): boolean {
  if (READS.test(name)) return from === 'actor' || !hasEntries(reply);
  return name === 'fcall' && ROUNDS.test(String(args[0])) && !hasMoved(reply);
}

const hasEntries = (reply: unknown): boolean =>
  Array.isArray(reply) && (!Array.isArray(reply[1]) || reply[1].length > 0);

/** Of a round that fires or takes back: how many; of a heartbeat: what is lost. */
const hasMoved = (reply: unknown): boolean =>
  Array.isArray(reply) && (Array.isArray(reply[0]) ? reply[0].length > 0 : Number(reply[0]) > 0);
