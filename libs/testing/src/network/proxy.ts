// A way from clients to their server that a test can break where it wants to.
//
//   What is held is neither lost nor reordered: it goes on, whole, when it is let go.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { Link, type Passes, type Way } from './link.js';
import { Trap } from './trap.js';

const BOTH: readonly Way[] = ['requests', 'answers'];

/** Passes bytes between clients and a server on the loopback interface, until it is told not to. */
export class Proxy implements AsyncDisposable {
  private readonly links = new Set<Link>();
  private traps: readonly Trap[] = [];
  private isCut = false;
  private held: readonly Way[] = [];

  private constructor(
    private readonly server: Server,
    private readonly targetPort: number,
  ) {
    server.on('connection', (client) => {
      this.link(client);
    });
  }

  /** @param targetPort - of the server, on the loopback interface */
  static async to(targetPort: number): Promise<Proxy> {
    const server = createServer();
    const proxy = new Proxy(server, targetPort);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** The next request with `text` in it reaches the server, and no answer comes back on its connection. */
  holdAnswers(text: string): Trap {
    return this.set(new Trap('requests', text, 'answers'));
  }

  /**
   * A request with `text` in it does not reach the server, nor does what follows on its connection.
   *
   * @param nth - which of them, counted from the next; those sent together count as one. Default the next
   */
  holdRequests(text: string, nth = 1): Trap {
    return this.set(new Trap('requests', text, 'requests', nth));
  }

  /** Only tells when the server has answered something with `text` in it. */
  watchAnswers(text: string): Trap {
    return this.set(new Trap('answers', text));
  }

  /** A trap that has not sprung springs no more. */
  disarm(trap: Trap): void {
    this.traps = this.traps.filter((each) => each !== trap);
  }

  /** From now on nothing passes on any connection, this way or both, until it is let go; none is closed by that. */
  hold(...ways: readonly Way[]): void {
    this.held = ways.length > 0 ? ways : BOTH;
    for (const link of this.links) this.holdOn(link);
  }

  /** Lets everything go on that is held. */
  letGo(): void {
    this.held = [];
    for (const link of this.links) link.letGo();
  }

  /** Breaks every connection, and each new one, until `mend()`. */
  cut(): void {
    this.isCut = true;
    for (const link of this.links) link.end();
  }

  mend(): void {
    this.isCut = false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    await once(this.server.close(), 'close');
  }

  private set(trap: Trap): Trap {
    this.traps = [...this.traps, trap];
    return trap;
  }

  private link(client: Socket): void {
    if (this.isCut) {
      client.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const server = connect(this.targetPort, '127.0.0.1');
    const link = new Link(client, server, (way, passes) => {
      this.spring(link, way, passes);
    });
    this.links.add(link);
    this.holdOn(link);
    client.once('close', () => this.links.delete(link));
  }

  private holdOn(link: Link): void {
    for (const way of this.held) link.hold(way);
  }

  private spring(link: Link, on: Way, passes: Passes): void {
    for (const trap of this.traps.filter(({ way, text }) => way === on && passes(text)))
      trap.meet(link);
    this.traps = this.traps.filter(({ isSprung }) => !isSprung);
  }
}
