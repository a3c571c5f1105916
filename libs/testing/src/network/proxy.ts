// A way from clients to their server that a test can break where it wants to.
//
//   What is held is neither lost nor reordered: it goes on, whole, when it is let go.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Of what a trap looks for. */
const LONGEST_TEXT = 100;

type Way = 'requests' | 'answers';

/** What happens to a connection when a text first passes on it. */
interface Trap {
  readonly text: string;
  /** Where the text is looked for. */
  readonly on: Way;
  readonly holds?: Way;
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
    return this.trap({ text, on: 'requests', holds: 'answers' });
  }

  /**
   * The next request with `text` in it does not reach the server, nor does what follows it on its connection.
   *
   * @returns when that request has come
   */
  holdRequests(text: string): Promise<void> {
    return this.trap({ text, on: 'requests', holds: 'requests' });
  }

  /** Resolves when the server has answered something with `text` in it. */
  answered(text: string): Promise<void> {
    return this.trap({ text, on: 'answers' });
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

  private trap(trap: Omit<Trap, 'sprung'>): Promise<void> {
    return new Promise((sprung) => {
      this.traps = [...this.traps, { ...trap, sprung }];
    });
  }

  private link(client: Socket): void {
    if (this.isCut) {
      client.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const link = new Link(client, connect(this.targetPort, '127.0.0.1'), (way, contains) => {
      this.spring(link, way, contains);
    });
    this.links.add(link);
    client.once('close', () => this.links.delete(link));
  }

  private spring(link: Link, way: Way, contains: Contains): void {
    for (const trap of this.traps.filter(({ on, text }) => on === way && contains(text))) {
      this.traps = this.traps.filter((each) => each !== trap);
      if (trap.holds) link.hold(trap.holds);
      trap.sprung();
    }
  }
}

type Contains = (text: string) => boolean;

/** One connection of a client, and its other half to the server. */
class Link {
  private readonly ways: Readonly<Record<Way, OneWay>>;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    onBytes: (way: Way, contains: Contains) => void,
  ) {
    this.ways = {
      requests: new OneWay(client, server, (contains) => {
        onBytes('requests', contains);
      }),
      answers: new OneWay(server, client, (contains) => {
        onBytes('answers', contains);
      }),
    };
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.end();
      });
    }
  }

  hold(way: Way): void {
    this.ways[way].hold();
  }

  letGo(): void {
    this.ways.requests.letGo();
    this.ways.answers.letGo();
  }

  end(): void {
    this.client.destroy();
    this.server.destroy();
  }
}

/** What goes from one socket to another. */
class OneWay {
  private readonly held: Buffer[] = [];
  private isHeld = false;
  /** The end of what came before: a text may come in two parts. */
  private before = '';

  constructor(
    from: Socket,
    private readonly to: Socket,
    private readonly onBytes: (contains: Contains) => void,
  ) {
    from.on('data', (bytes) => {
      this.inspect(bytes);
      this.pass(bytes);
    });
  }

  hold(): void {
    this.isHeld = true;
  }

  letGo(): void {
    this.isHeld = false;
    for (const bytes of this.held.splice(0)) this.to.write(bytes);
  }

  private pass(bytes: Buffer): void {
    if (this.isHeld) this.held.push(bytes);
    else this.to.write(bytes);
  }

  private inspect(bytes: Buffer): void {
    const seen = this.before + bytes.toString('latin1');
    const old = this.before.length;
    this.before = seen.slice(-LONGEST_TEXT);
    this.onBytes((text) => seen.includes(text, Math.max(0, old - text.length + 1)));
  }
}
