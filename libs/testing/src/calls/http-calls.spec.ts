import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpCalls } from './http-calls.js';

let heard: string[];
let seen: string[];
let lostAt: string;
let server: Server;
let calls: HttpCalls;

beforeEach(async () => {
  [heard, seen, lostAt] = [[], [], ''];
  server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url, headers } = request;
      heard.push([method, url, headers['x-reference'], body].join(' '));
      response.writeHead(201, { 'x-answer': 'yes' }).end(`heard ${body}`);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const fate = (step: string) => {
    seen.push(step);
    return step.startsWith(lostAt || 'nothing') ? 'lost' : 'passed';
  };
  calls = await HttpCalls.to((server.address() as AddressInfo).port, {
    leaves: ({ name }) => fate(`leaves ${name}`),
    returns: ({ name }) => fate(`returns ${name}`),
  });
});
afterEach(async () => {
  await calls[Symbol.asyncDispose]();
  server.closeAllConnections();
  await once(server.close(), 'close');
});

const post = () =>
  fetch(`http://127.0.0.1:${calls.port}/orders?a=1`, {
    method: 'POST',
    headers: { 'x-reference': 'r' },
    body: 'W1',
  });

describe('a way to a server over HTTP that reads what passes', () => {
  it('passes a request and its answer on as they are, and tells of both', async () => {
    const response = await post();
    expect([response.status, response.headers.get('x-answer')]).toEqual([201, 'yes']);
    expect(await response.text()).toBe('heard W1');
    expect(heard).toEqual(['POST /orders?a=1 r W1']);
    expect(seen).toEqual(['leaves POST /orders?a=1', 'returns POST /orders?a=1']);
  });

  it('loses a request, which the server never hears', async () => {
    lostAt = 'leaves';
    await expect(post()).rejects.toThrow();
    expect(heard).toEqual([]);
  });

  it('loses an answer to what the server has heard', async () => {
    lostAt = 'returns';
    await expect(post()).rejects.toThrow();
    expect(heard).toHaveLength(1);
  });
});
