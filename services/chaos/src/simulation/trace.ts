import { isIdle } from './store/idle.js';
import type { Message } from './store/message.js';
import type { Command } from './store/command.js';
import type { Schedule } from './time/schedule.js';

/** What happened, line by line: virtual time, who, what; what loops say while nothing happens is left out. */
export class Trace {
  readonly lines: string[] = [];

  constructor(private readonly schedule: Pick<Schedule, 'nowMs'>) {}

  message(message: Message): void {
    if (isIdle(message)) return;
    const { from, actor, call, reply } = message;
    if (from === 'actor') this.#tell(actor.name, `─> ${textOf(call)}`);
    else this.#tell(actor.name, `<─ ${nameOf(call)}${reply === undefined ? '' : answerOf(reply)}`);
  }

  fault(whom: string, what: string): void {
    this.#tell(whom, `** ${what}`);
  }

  #tell(whom: string, what: string): void {
    const atMs = this.schedule.nowMs.toFixed(2).padStart(10);
    this.lines.push(`${atMs}  ${whom.padEnd(14)} ${what}`);
  }
}

const nameOf = ({ name, args }: Command): string =>
  name === 'fcall' ? String(args[0]).replace(/^lockstep_\d+_/, '') : name;

/** A call in a few words: what it does, and what it names. */
const textOf = (call: Command): string =>
  shortened(
    `${nameOf(call)} ${(call.name === 'fcall' ? call.args.slice(3) : call.args).join(' ')}`,
  );

const answerOf = (reply: unknown): string => ` = ${shortened(JSON.stringify(reply))}`;

const MOST_CHARS = 140;
/** Made by the server, from its real clock. */
const MESSAGE_ID = /\b\d{13}-\d+\b/g;
/** Claims, workflows, digests: the first of them tell them apart. */
const LONG_ID = /\b((?:wf-)?[0-9a-f]{6})[0-9a-f-]{20,}\b/g;

function shortened(text: string): string {
  const line = text.replaceAll('\n', ' ').replaceAll(MESSAGE_ID, '…').replaceAll(LONG_ID, '$1…');
  return line.length > MOST_CHARS ? `${line.slice(0, MOST_CHARS)}…` : line;
}
