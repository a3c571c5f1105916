import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Undefined of a request without one. */
  readonly body: unknown;
}

/** What a gateway would say: its status, and its body as JSON. */
export interface Canned {
  readonly status: number;
  readonly body: unknown;
  readonly type?: string;
}

/** Answers everything alike, and keeps what it was asked. */
export class CannedGateway implements AsyncDisposable {
  readonly asked: Asked[] = [];

  private constructor(private readonly server: Server) {}

  static async answering({
    status,
    body,
    type = 'application/json',
  }: Canned): Promise<CannedGateway> {
    const server = createServer();
    const gateway = new CannedGateway(server);
    server.on('request', (request, response) => {
      const { method = '', url: path = '', headers } = request;
      const came = method === 'POST' ? json(request) : Promise.resolve(undefined);
      void came.then((sent) => {
        gateway.asked.push({ method, path, headers, body: sent });
        response.writeHead(status, { 'content-type': type }).end(JSON.stringify(body));
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return gateway;
  }

  /** One that refuses. */
  static refusing(status: number, code: string, more: object = {}): Promise<CannedGateway> {
    const body = { status, code, detail: `no: ${code}`, requestId: 'q-1', ...more };
    return CannedGateway.answering({ status, body, type: 'application/problem+json' });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.server.close(), 'close');
    this.server.closeAllConnections();
    await closed;
  }
}
