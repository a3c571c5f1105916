import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../eventually.js';
import { Proxy } from './proxy.js';

/** Answers each line with the same line. */
let echo: Server;
let heard = '';
let proxy: Proxy;
let client: Socket;
let answered = '';

beforeEach(async () => {
  [heard, answered] = ['', ''];
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard += bytes.toString();
      socket.write(bytes);
    });
  });
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  proxy = await Proxy.to((echo.address() as AddressInfo).port);
  client = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
  client.on('data', (bytes) => (answered += bytes.toString()));
});
afterEach(async () => {
  client.destroy();
  await proxy[Symbol.asyncDispose]();
  await once(echo.close(), 'close');
});

const hears = (line: string) => eventually(() => heard === line, { what: `${line} is heard` });
const answers = (line: string) =>
  eventually(() => answered === line, { what: `${line} is answered` });

const breaks = (socket: Socket) =>
  eventually(() => socket.closed, { what: 'the connection is broken' });

describe('a proxy', () => {
  it('holds the answers to the request with a text, and lets them go', async () => {
    const trap = proxy.holdAnswers('mark');
    client.write('one ');
    await answers('one ');
    client.write('the mark ');
    await trap.sprung();
    client.write('more ');
    await hears('one the mark more ');
    expect(answered).toBe('one ');
    proxy.letGo();
    await answers('one the mark more ');
  });

  it('holds all answers, those on a new connection too, and lets them go', async () => {
    proxy.hold('answers');
    client.write('one ');
    await hears('one ');
    const other = connect(proxy.port, '127.0.0.1');
    other.write('two ');
    await hears('one two ');
    expect([answered, other.bytesRead]).toEqual(['', 0]);
    other.destroy();
    proxy.letGo();
    await answers('one ');
    client.write('three ');
    await answers('one three ');
  });

  it('loses what it held when the connections are cut', async () => {
    proxy.hold();
    client.write('one ');
    await eventually(() => client.bytesWritten === 4, { what: 'it is sent' });
    proxy.cut();
    await breaks(client);
    expect([heard, answered]).toEqual(['', '']);
  });

  it('holds the request with a text and what follows it, and lets them go in order', async () => {
    const trap = proxy.holdRequests('mark');
    client.write('one ');
    await hears('one ');
    client.write('the mark ');
    await trap.sprung();
    client.write('more ');
    expect(heard).toBe('one ');
    proxy.letGo();
    await hears('one the mark more ');
  });

  it('holds the second request with a text, and not the first', async () => {
    const trap = proxy.holdRequests('mark', 2);
    client.write('the mark ');
    await answers('the mark ');
    expect(trap.isSprung).toBe(false);
    client.write('more mark ');
    await trap.sprung();
    expect(heard).toBe('the mark ');
    proxy.letGo();
    await hears('the mark more mark ');
  });

  it('holds nothing for a trap that was disarmed', async () => {
    const trap = proxy.holdRequests('mark');
    proxy.disarm(trap);
    client.write('mark');
    await answers('mark');
    expect(trap.isSprung).toBe(false);
  });

  it('finds a text that comes in two parts', async () => {
    const trap = proxy.watchAnswers('mark');
    client.write('the ma');
    await answers('the ma');
    client.write('rk');
    await trap.sprung();
  });

  it('finds no text that passed before it was asked to', async () => {
    client.write('mark');
    await answers('mark');
    proxy.holdAnswers('mark');
    client.write('!');
    await answers('mark!');
  });

  it('breaks every connection until it is mended', async () => {
    client.write('one');
    await answers('one');
    proxy.cut();
    await breaks(client);
    const refused = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
    await breaks(refused);
    proxy.mend();
    const other = connect(proxy.port, '127.0.0.1');
    other.write('two');
    await hears('onetwo');
    other.end();
    expect(await text(other)).toBe('two');
  });
});
