// A way from clients to their server that a test can break where it wants to.
//
//   What is held is neither lost nor reordered: it goes on, whole, when it is let go.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Of what a trap looks for. */
const LONGEST_TEXT = 100;

/** What happens to a connection at the first request that contains a text. */
interface Trap {
  readonly text: string;
  readonly holds: 'answers' | 'requests';
  readonly sprung: () => void;
}

/** Passes bytes between clients and a server on the loopback interface, until it is told not to. */
export class Proxy implements AsyncDisposable {
  private readonly links = new Set<Link>();
  private traps: readonly Trap[] = [];
  private isCut = false;

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

  /**
   * The next request with `text` in it reaches the server, and no answer comes back on its connection.
   *
   * @returns when that request has come
   */
  holdAnswers(text: string): Promise<void> {
    return this.trap(text, 'answers');
  }

  /**
   * The next request with `text` in it does not reach the server, nor does what follows it on its connection.
   *
   * @returns when that request has come
   */
  holdRequests(text: string): Promise<void> {
    return this.trap(text, 'requests');
  }

  /** Lets everything go on that is held. */
  letGo(): void {
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

  private trap(text: string, holds: Trap['holds']): Promise<void> {
    return new Promise((sprung) => {
      this.traps = [...this.traps, { text, holds, sprung }];
    });
  }

  private link(client: Socket): void {
    if (this.isCut) {
      client.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const link = new Link(client, connect(this.targetPort, '127.0.0.1'), (contains) => {
      this.spring(link, contains);
    });
    this.links.add(link);
    client.once('close', () => this.links.delete(link));
  }

  private spring(link: Link, contains: (text: string) => boolean): void {
    for (const trap of this.traps.filter(({ text }) => contains(text))) {
      this.traps = this.traps.filter((each) => each !== trap);
      link.hold(trap.holds);
      trap.sprung();
    }
  }
}

/** One connection of a client, and its other half to the server. */
class Link {
  private readonly held = { requests: [] as Buffer[], answers: [] as Buffer[] };
  private readonly holds = { requests: false, answers: false };
  /** The end of what came before: a text may come in two parts. */
  private before = '';

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly onRequests: (contains: (text: string) => boolean) => void,
  ) {
    client.on('data', (bytes) => {
      this.inspect(bytes);
      this.pass('requests', bytes);
    });
    server.on('data', (bytes) => {
      this.pass('answers', bytes);
    });
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.end();
      });
    }
  }

  hold(what: Trap['holds']): void {
    this.holds[what] = true;
  }

  letGo(): void {
    for (const what of ['requests', 'answers'] as const) {
      this.holds[what] = false;
      for (const bytes of this.held[what].splice(0)) this.pass(what, bytes);
    }
  }

  end(): void {
    this.client.destroy();
    this.server.destroy();
  }

  private inspect(bytes: Buffer): void {
    const seen = this.before + bytes.toString('latin1');
    const old = this.before.length;
    this.before = seen.slice(-LONGEST_TEXT);
    this.onRequests((text) => seen.includes(text, Math.max(0, old - text.length + 1)));
  }

  private pass(what: Trap['holds'], bytes: Buffer): void {
    if (this.holds[what]) this.held[what].push(bytes);
    else (what === 'requests' ? this.server : this.client).write(bytes);
  }
}
