import type { Socket } from 'node:net';

export type Way = 'requests' | 'answers';

/** Whether a text passes now, in one part or as the end of one that began before. */
export type Passes = (text: string) => boolean;

/** Longest text that may come in two parts. */
const LONGEST_TEXT = 100;

/** One connection of a client, and its other half to the server. */
export class Link {
  private readonly ways: Readonly<Record<Way, OneWay>>;

  /** @param onBytes - called before they go on */
  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    onBytes: (way: Way, passes: Passes) => void,
  ) {
    this.ways = {
      requests: new OneWay(client, server, (passes) => {
        onBytes('requests', passes);
      }),
      answers: new OneWay(server, client, (passes) => {
        onBytes('answers', passes);
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

/** What goes from one socket to the other. */
class OneWay {
  private readonly held: Buffer[] = [];
  private isHeld = false;
  private before = '';

  constructor(
    from: Socket,
    private readonly to: Socket,
    private readonly onBytes: (passes: Passes) => void,
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
