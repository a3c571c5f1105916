import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range from which the system takes ports for outgoing connections: a server that is
// restarted on its port finds it free, and a client that tries meanwhile never meets itself.
const LOWEST = 12_000;
const COUNT = 20_000;

/** @returns a port of the loopback interface that nobody listens on now */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * COUNT);
    if (await isFree(port)) return port;
  }
}

/** @returns the first port of the loopback interface from `lowest` on that nobody listens on now */
export async function portFrom(lowest: number): Promise<number> {
  for (let port = lowest; ; port += 1) if (await isFree(port)) return port;
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
  } catch {
    return false;
  }
  await once(server.close(), 'close');
  return true;
}
