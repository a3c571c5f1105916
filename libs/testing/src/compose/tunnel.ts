import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Container } from './container.js';

/** What Node runs inside: the other end of one connection. */
const RELAY = `
const [, port, host] = process.argv;
const socket = require('node:net').connect(Number(port), host);
socket.on('error', () => process.exit(1));
process.stdin.pipe(socket).pipe(process.stdout);
`;

/** A port of this machine that leads to one in a network of containers. */
export class Tunnel implements AsyncDisposable {
  readonly url: string;

  constructor(
    private readonly server: Server,
    private readonly sockets: ReadonlySet<Socket>,
  ) {
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await once(this.server.close(), 'close');
  }
}

export async function openTunnel(
  through: Container,
  { service, port }: { readonly service: string; readonly port: number },
): Promise<Tunnel> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    relay(socket, ['exec', '-i', through.id, 'node', '-e', RELAY, String(port), service]);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return new Tunnel(server, sockets);
}

function relay(socket: Socket, command: readonly string[]): void {
  const inside = spawn('docker', [...command], { stdio: ['pipe', 'pipe', 'ignore'] });
  socket.pipe(inside.stdin);
  inside.stdout.pipe(socket);
  inside.stdin.on('error', () => undefined);
  inside.once('exit', () => socket.end());
  socket.on('error', () => undefined);
  socket.once('close', () => inside.stdin.destroy());
}
