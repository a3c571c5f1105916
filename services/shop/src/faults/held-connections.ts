import type { Socket } from 'node:net';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { FaultKind, OutsideCall } from './fault.js';

export interface HeldConnection extends OutsideCall {
  kind: FaultKind;
  /** Whether the call was acted on, and is on disk. */
  acted: boolean;
  heldMs: number;
}

/** Connections whose answer never comes, until the caller gives up or this process ends. */
@Injectable()
export class HeldConnections implements BeforeApplicationShutdown {
  readonly #held = new Map<Socket, Omit<HeldConnection, 'heldMs'> & { sinceMs: number }>();

  hold(socket: Socket, call: OutsideCall, kind: FaultKind, acted: boolean): void {
    if (socket.destroyed) return;
    this.#held.set(socket, { ...call, kind, acted, sinceMs: performance.now() });
    socket.once('close', () => this.#held.delete(socket));
  }

  list(): HeldConnection[] {
    const nowMs = performance.now();
    return [...this.#held.values()].map(({ sinceMs, ...held }) => ({
      ...held,
      heldMs: Math.round(nowMs - sinceMs),
    }));
  }

  /** A server that waits for open connections would otherwise never close. */
  beforeApplicationShutdown(): void {
    for (const socket of this.#held.keys()) socket.destroy();
  }
}
