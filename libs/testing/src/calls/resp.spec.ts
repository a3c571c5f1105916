import { describe, expect, it } from '@jest/globals';
import { framed, isEmptyAnswer, isPush, requestName } from './resp.js';

const request = (...texts: string[]): Buffer =>
  Buffer.from(
    `*${texts.length}\r\n${texts.map((text) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`).join('')}`,
  );

const MESSAGES = [
  '+OK\r\n',
  '-ERR no\r\n',
  ':-12\r\n',
  '_\r\n',
  '#t\r\n',
  ',1.5\r\n',
  '(12345678901234567890\r\n',
  '$-1\r\n',
  '$0\r\n\r\n',
  '$9\r\nline\r\nend\r\n',
  '=7\r\ntxt:abc\r\n',
  '!5\r\nERR x\r\n',
  '*0\r\n',
  '*2\r\n*1\r\n:1\r\n$3\r\nä!\r\n',
  '%1\r\n+key\r\n~2\r\n:1\r\n:2\r\n',
  '>2\r\n+message\r\n+text\r\n',
];

describe('the frames of the Redis protocol', () => {
  it('end where their messages end, of whatever type', () => {
    const { messages, rest } = framed(Buffer.from(MESSAGES.join('')));
    expect(messages.map(String)).toEqual(MESSAGES);
    expect(rest).toHaveLength(0);
  });

  it.each(MESSAGES)('leave for later what is not whole: %j', (message) => {
    const bytes = Buffer.from(message);
    for (let length = 0; length < bytes.length; length += 1) {
      const { messages, rest } = framed(Buffer.from(`:1\r\n${message}`).subarray(0, 4 + length));
      expect(messages.map(String)).toEqual([':1\r\n']);
      expect(rest).toEqual(bytes.subarray(0, length));
    }
  });
});

describe('a message', () => {
  it('is named after its function, or else its command', () => {
    expect(requestName(request('fcall', 'lockstep_1_append', '2', 'a', 'b'))).toBe('append');
    expect(requestName(request('xrange', 'ls:{0}:log:x', '-', '+'))).toBe('XRANGE');
    expect(requestName(request('PING'))).toBe('PING');
  });

  it('brings nothing when it is null or a list of nothing', () => {
    const empty = MESSAGES.filter((message) => isEmptyAnswer(Buffer.from(message)));
    expect(empty).toEqual(['_\r\n', '$-1\r\n', '*0\r\n']);
  });

  it('is told unasked when it is a push', () => {
    expect(MESSAGES.filter((message) => isPush(Buffer.from(message)))).toEqual([MESSAGES.at(-1)]);
  });
});
