import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@lockstep/testing';
import { fastify, type FastifyInstance } from 'fastify';
import { eventText, sendEvents } from '../src/live/sse.js';

const EVENT = eventText({ id: 1, event: 'StepCompleted', data: `"${'x'.repeat(64 * 1024)}"` });

describe('a client that takes nothing', () => {
  let server: FastifyInstance;
  let client: Socket;
  let made = 0;
  let ended = false;

  async function* endless(): AsyncGenerator<string> {
    try {
      for (;;) {
        made += 1;
        yield EVENT;
        await new Promise(setImmediate);
      }
    } finally {
      ended = true;
    }
  }

  beforeEach(async () => {
    server = fastify();
    server.get('/', (_request, reply) => sendEvents(reply, endless(), 300));
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    client = connect(Number(new URL(url).port), '127.0.0.1');
    client.on('error', () => undefined);
  });
  afterEach(async () => {
    client.destroy();
    await server.close();
  });

  it('is cut off, and nothing has piled up for it', async () => {
    client.pause();
    client.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n');
    await eventually(() => ended, { what: 'the stream is given up' });
    expect(made * EVENT.length).toBeLessThan(16 * 1024 * 1024); // what the sockets hold, no more
    await eventually(async () => (await connections(server)) === 0, { what: 'the cut' });
  });
});

const connections = (server: FastifyInstance): Promise<number> =>
  new Promise((resolve, reject) => {
    server.server.getConnections((error, count) => {
      if (error) reject(error);
      else resolve(count);
    });
  });
