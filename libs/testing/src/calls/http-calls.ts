import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  request as send,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { CallProxy, Crossing } from './call.js';

/** A way to a server over HTTP that reads what passes. A request goes on once it is whole, and so does an answer. */
export class HttpCalls implements CallProxy {
  private constructor(private readonly server: Server) {}

  /** @param targetPort - of the server, on the loopback interface */
  static async to(targetPort: number, crossing: Crossing): Promise<HttpCalls> {
    const server = createServer((request, response) => {
      cross(request, response, targetPort, crossing).catch(() => request.socket.destroy());
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new HttpCalls(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.server.close(), 'close');
    this.server.closeAllConnections();
    await closed;
  }
}

async function cross(
  request: IncomingMessage,
  response: ServerResponse,
  targetPort: number,
  crossing: Crossing,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = request;
  const call = { name: `${method} ${url}` };
  const body = await buffer(request);
  if (crossing.leaves(call) === 'lost') throw new Error('the request is lost');
  const asked = send({ host: '127.0.0.1', port: targetPort, method, path: url, headers }).end(body);
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const text = await buffer(answer);
  if (crossing.returns(call, text.length === 0) === 'lost') throw new Error('the answer is lost');
  response.writeHead(answer.statusCode ?? 502, answer.headers).end(text);
}
