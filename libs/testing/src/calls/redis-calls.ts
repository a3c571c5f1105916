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
  private readonly links = new Set<RedisLink>();

  private constructor(private readonly server: Server) {}

  /** @param targetPort - of the Redis, on the loopback interface */
  static async to(targetPort: number, crossing: Crossing): Promise<RedisCalls> {
    const server = createServer();
    const calls = new RedisCalls(server);
    server.on('connection', (client) => {
      calls.keep(new RedisLink(client, connect(targetPort, '127.0.0.1'), crossing));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return calls;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.server.close(), 'close');
    for (const link of this.links) link.break();
    await closed;
  }

  private keep(link: RedisLink): void {
    this.links.add(link);
    link.client.once('close', () => this.links.delete(link));
  }
}

/** One connection of a client, and its other half to the server. */
class RedisLink {
  private readonly asked: Call[] = [];

  constructor(
    readonly client: Socket,
    private readonly server: Socket,
    private readonly crossing: Crossing,
  ) {
    for (const socket of [client, server]) {
      socket.setNoDelay(true).on('error', () => undefined);
      socket.once('close', () => {
        this.break();
      });
    }
    this.relay(client, server, (request) => this.passesRequest(request));
    this.relay(server, client, (answer) => this.passesAnswer(answer));
  }

  break(): void {
    this.client.destroy();
    this.server.destroy();
  }

  private passesRequest(message: Buffer): boolean {
    const call = { name: requestName(message) };
    this.asked.push(call);
    return this.crossing.leaves(call) === 'passed';
  }

  private passesAnswer(message: Buffer): boolean {
    const call = isPush(message) ? undefined : this.asked.shift();
    return !call || this.crossing.returns(call, isEmptyAnswer(message)) === 'passed';
  }

  /** Passes messages on up to the first that is lost. */
  private relay(from: Socket, to: Socket, passes: (message: Buffer) => boolean): void {
    let before = Buffer.alloc(0);
    from.on('data', (bytes: Buffer) => {
      const { messages, rest } = framed(Buffer.concat([before, bytes]));
      before = Buffer.from(rest);
      for (const message of messages) {
        if (from.destroyed) return;
        if (passes(message)) to.write(message);
        else this.break();
      }
    });
  }
}
