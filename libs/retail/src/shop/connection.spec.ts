import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Connection } from './connection.js';
import { BadShopRequest, ShopUnavailable, ShopUnreachable } from './errors.js';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function connectionTo(listener: RequestListener): Promise<Connection> {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return new Connection(`http://127.0.0.1:${port}`);
}

const answering = (status: number, text: string) =>
  connectionTo((_request, response) => response.writeHead(status).end(text));

const post = (connection: Connection, options = {}) => connection.post('/x', {}, options);

describe('an answer', () => {
  it('of success is the value', async () => {
    expect(await post(await answering(200, '{"ok":true}'))).toEqual({ ok: true });
  });

  it.each([
    ['503', 503, '{}', ShopUnavailable],
    ['400', 400, '{}', BadShopRequest],
    ['404', 404, '{}', BadShopRequest],
    ['500', 500, '{}', ShopUnreachable],
    ['302', 302, '{}', ShopUnreachable],
    ['200 that is not JSON', 200, '<html>', ShopUnreachable],
  ])('of %s says what is known of the call', async (_what, status, text, error) => {
    await expect(post(await answering(status, text))).rejects.toThrow(error);
  });
});

describe('no answer', () => {
  it('leaves the call in doubt when the connection is cut', async () => {
    const connection = await connectionTo((request) => request.socket.destroy());
    await expect(post(connection)).rejects.toThrow(ShopUnreachable);
  });

  it('leaves the call in doubt when the time is up', async () => {
    const connection = await connectionTo(() => undefined);
    await expect(post(connection, { timeoutMs: 50 })).rejects.toThrow(ShopUnreachable);
  });

  it('leaves the call in doubt when it was given up on its way', async () => {
    const giveUp = new AbortController();
    const connection = await connectionTo(() => {
      giveUp.abort();
    });
    await expect(post(connection, { signal: giveUp.signal })).rejects.toThrow(ShopUnreachable);
  });

  it('is definite when the call was given up before it was sent', async () => {
    let asked = false;
    const connection = await connectionTo(() => (asked = true));
    await expect(post(connection, { signal: AbortSignal.abort() })).rejects.toThrow(
      ShopUnavailable,
    );
    expect(asked).toBe(false);
  });

  it('is definite when nobody listens', async () => {
    const connection = await answering(200, '{}');
    server?.close();
    await expect(post(connection)).rejects.toThrow(ShopUnavailable);
  });
});

describe('a look-up', () => {
  it('finds nothing only when it is told so', async () => {
    const definite = await answering(404, '{"done":false}');
    expect(await definite.find('/x', {})).toBeUndefined();
  });

  it('does not take the 404 of a wrong address for a definite no', async () => {
    const wrong = await answering(404, '{"message":"Cannot GET /x"}');
    await expect(wrong.find('/x', {})).rejects.toThrow(BadShopRequest);
  });
});
