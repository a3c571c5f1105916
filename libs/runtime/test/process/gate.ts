import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@lockstep/testing';

/** Where the steps of agents ask: a test sees each step that runs, and lets it pass. */
export class Gate {
  /** Every step that was begun, in order. */
  readonly asked: string[] = [];
  private readonly waiting = new Map<string, ServerResponse[]>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const step = request.url!.slice(1);
      this.asked.push(step);
      this.waiting.set(step, [...(this.waiting.get(step) ?? []), response]);
    });
  }

  static async open(): Promise<Gate> {
    const gate = new Gate();
    await new Promise<void>((listening) => gate.server.listen(0, '127.0.0.1', listening));
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Lets everybody pass who asks at this step, once somebody does. */
  async pass(step: string): Promise<void> {
    await this.isAskedFor(step);
    for (const response of this.waiting.get(step)!) response.end();
    this.waiting.delete(step);
  }

  isAskedFor(step: string): Promise<boolean> {
    return eventually(() => this.waiting.has(step), { what: `${step} is begun` });
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
