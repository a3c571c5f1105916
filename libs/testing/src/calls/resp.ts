// The frames of the Redis protocol, version 3. Parsers tell what a message says and not where it ends; this one
// tells where it ends, so that messages can be passed on as they came.

const CRLF = '\r\n';

export interface Framed {
  /** Each a whole message. */
  readonly messages: readonly Buffer[];
  /** The beginning of the next. */
  readonly rest: Buffer;
}

/** Cuts bytes into the messages that are whole. */
export function framed(bytes: Buffer): Framed {
  const messages: Buffer[] = [];
  let from = 0;
  for (let end = endOf(bytes, 0); end !== undefined; end = endOf(bytes, end)) {
    messages.push(bytes.subarray(from, end));
    from = end;
  }
  return { messages, rest: bytes.subarray(from) };
}

/** Where the message that begins at `at` ends; undefined while it is not whole. */
function endOf(bytes: Buffer, at: number): number | undefined {
  const head = headOf(bytes, at);
  if (!head) return undefined;
  switch (head.type) {
    case '$': // a text, or null when its length is negative
    case '!':
    case '=':
      return head.size < 0 ? head.end : within(bytes, head.end + head.size + CRLF.length);
    case '*':
    case '~':
    case '>':
      return endOfMany(bytes, head.end, head.size);
    case '%':
      return endOfMany(bytes, head.end, 2 * head.size);
    default:
      return head.end;
  }
}

function headOf(bytes: Buffer, at: number): { type: string; size: number; end: number } | null {
  const lineEnd = bytes.indexOf(CRLF, at);
  if (lineEnd < 0) return null;
  const line = bytes.toString('latin1', at, lineEnd);
  return { type: line.charAt(0), size: Number(line.slice(1)), end: lineEnd + CRLF.length };
}

function endOfMany(bytes: Buffer, from: number, count: number): number | undefined {
  let end: number | undefined = from;
  for (let left = count; left > 0 && end !== undefined; left -= 1) end = endOf(bytes, end);
  return end;
}

const within = (bytes: Buffer, end: number): number | undefined =>
  end <= bytes.length ? end : undefined;

/** What a request asks for: the function of a library without the library's name, or else the command. */
export function requestName(request: Buffer): string {
  const [, , command = '', , argument = ''] = request.toString('latin1').split(CRLF, 5);
  return /^FCALL(_RO)?$/i.test(command)
    ? argument.replace(/^lockstep_\d+_/, '')
    : command.toUpperCase();
}

/** Something that the server says unasked; it answers no request. */
export const isPush = (message: Buffer): boolean => message.toString('latin1', 0, 1) === '>';

/** Whether an answer is null or a list of nothing. */
export const isEmptyAnswer = (answer: Buffer): boolean =>
  /^(_|[*$]-1|[*~%]0)\r\n$/.test(answer.toString('latin1', 0, 6));
