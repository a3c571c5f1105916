// The outside world of the team, run by the test: counts what was done to it, and stops where it is told to.
//
//   Places where a call can be held: `steps/<name>/<step>` and `payments/<reference>` before anything is
//   done, `paid/<reference>` after the payment and before its answer.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@lockstep/testing';

/** Calls that came to one place and wait there. */
export interface Gate {
  /** Waits until so many calls have come, those that were broken off included. */
  reached(calls?: number): Promise<void>;
  /** Lets them and all that follow go on. */
  open(): void;
}

export class World implements AsyncDisposable {
  /** Steps that were done, as `<name>/<step>`, in order. */
  readonly steps: string[] = [];
  /** References that were paid, in order. */
  readonly payments: string[] = [];
  private readonly gates = new Map<string, ClosedGate>();
  private broken = 0;

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      void this.answer(request, response);
    });
  }

  static async start(): Promise<World> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new World(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Waits until so many calls have been broken off by their callers, counted from the start. */
  async brokenOff(calls: number): Promise<void> {
    const what = `${calls} calls broken off`;
    await eventually(() => this.broken >= calls, { what, timeoutMs: 30_000 });
  }

  /** How often a step was done. */
  timesDone(step: string): number {
    return this.steps.filter((each) => each === step).length;
  }

  timesPaid(reference: string): number {
    return this.payments.filter((each) => each === reference).length;
  }

  /** From now on calls wait at this place. */
  hold(place: string): Gate {
    const gate = new ClosedGate(place);
    this.gates.set(place, gate);
    return gate;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const gate of this.gates.values()) gate.open();
    const closed = once(this.server.close(), 'close');
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.once('close', () => {
      if (!response.writableFinished) this.broken += 1;
    });
    const place = (request.url ?? '').slice(1);
    if (request.method === 'GET') {
      this.lookUp(place.replace('payments/', ''), response);
      return;
    }
    await this.gates.get(place)?.pass();
    if (response.destroyed) return; // whoever broke off before anything was done finds it not done
    const [kind, ...rest] = place.split('/');
    if (kind === 'payments') await this.pay(rest.join('/'));
    else this.steps.push(rest.join('/'));
    response.end(`receipt of ${rest.join('/')}`);
  }

  private async pay(reference: string): Promise<void> {
    this.payments.push(reference);
    await this.gates.get(`paid/${reference}`)?.pass();
  }

  private lookUp(reference: string, response: ServerResponse): void {
    response.statusCode = this.payments.includes(reference) ? 200 : 404;
    response.end(`receipt of ${reference}`);
  }
}

class ClosedGate implements Gate {
  private readonly opened = Promise.withResolvers<undefined>();
  private calls = 0;

  constructor(private readonly place: string) {}

  pass(): Promise<undefined> {
    this.calls += 1;
    return this.opened.promise;
  }

  async reached(calls = 1): Promise<void> {
    const what = `${calls} calls at ${this.place}`;
    await eventually(() => this.calls >= calls, { what, timeoutMs: 30_000 });
  }

  open(): void {
    this.opened.resolve(undefined);
  }
}
