import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Call, CallProxy, Crossing } from './call.js';
import { framed, isEmptyAnswer, isPush, requestName } from './resp.js';

/**
 * A way to a Redis that reads what passes.
 *
 *   R1. What is not lost goes on whole, unchanged and in order; answers belong to requests in their order.
 *   R2. What is lost breaks its connection at that place: what came before has gone on, what follows has not.
 */
export class RedisCalls implements CallProxy {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** @param targetPort - of the Redis, on the loopback interface */
  static async to(targetPort: number, crossing: Crossing): Promise<RedisCalls> {
    const server = createServer();
    const calls = new RedisCalls(server);
    server.on('connection', (client) => {
      calls.link(client, connect(targetPort, '127.0.0.1'), crossing);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return calls;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.server.close(), 'close');
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  private link(client: Socket, server: Socket, crossing: Crossing): void {
    const asked: Call[] = [];
    const breakBoth = (): void => {
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      this.sockets.add(socket);
      socket.setNoDelay(true).on('error', () => undefined);
      socket.once('close', () => {
        this.sockets.delete(socket);
        breakBoth();
      });
    }
    const request = (message: Buffer): boolean => {
      const call = { name: requestName(message) };
      asked.push(call);
      return crossing.leaves(call) === 'passed';
    };
    const answer = (message: Buffer): boolean => {
      const call = isPush(message) ? undefined : asked.shift();
      return !call || crossing.returns(call, isEmptyAnswer(message)) === 'passed';
    };
    relay(client, server, request, breakBoth);
    relay(server, client, answer, breakBoth);
  }
}

/** Passes messages on up to the first that does not pass. */
function relay(
  from: Socket,
  to: Socket,
  passes: (message: Buffer) => boolean,
  end: () => void,
): void {
  let before = Buffer.alloc(0);
  from.on('data', (bytes: Buffer) => {
    const { messages, rest } = framed(Buffer.concat([before, bytes]));
    before = Buffer.from(rest);
    for (const message of messages) {
      if (from.destroyed) return;
      if (passes(message)) to.write(message);
      else end();
    }
  });
}
