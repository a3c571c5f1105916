import { once } from 'node:events';
import { createServer } from 'node:net';

/** The first port from `lowest` on that nobody listens on now. */
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
