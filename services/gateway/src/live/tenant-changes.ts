// Who of which tenant is told that a workflow changed.
//
//   C1. The feed names workflows, not tenants: a change is told to nobody before the head said whose it is (G7).
//   C2. Each change is looked up once, however many clients of however many tenants listen.
//   C3. Changes of one workflow that wait are one change; what waits is bounded, and past the bound everybody
//       is told to read anew.

import { Injectable } from '@nestjs/common';
import type { WorkflowId } from '@lockstep/kernel';
import { type FeedEntry, type Head, HeadReader } from '@lockstep/store';
import { FeedTail } from './feed-tail.js';

const MAX_WAITING = 10_000;
const LOOK_UPS = 100;

export interface TenantListener {
  changed(head: Head): void;
  /** Any number of changes may have been missed. */
  missed(): void;
}

@Injectable()
export class TenantChanges {
  private readonly listeners = new Map<string, Set<TenantListener>>();
  private readonly waiting = new Set<WorkflowId>();
  private unlisten: (() => void) | null = null;
  private telling = false;

  constructor(
    private readonly tail: FeedTail,
    private readonly heads: HeadReader,
  ) {}

  /** @returns a function that ends it */
  listen(tenant: string, listener: TenantListener): () => void {
    const listeners = this.listeners.get(tenant) ?? new Set();
    this.listeners.set(tenant, listeners.add(listener));
    this.unlisten ??= this.tail.listen(null, this);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(tenant);
      if (this.listeners.size > 0) return;
      this.unlisten?.();
      this.unlisten = null;
    };
  }

  changed({ wf }: FeedEntry): void {
    if (this.waiting.size >= MAX_WAITING) this.missed(); // C3
    this.waiting.add(wf);
    if (!this.telling) void this.tell();
  }

  missed(): void {
    this.waiting.clear();
    for (const listeners of this.listeners.values()) {
      for (const listener of listeners) listener.missed();
    }
  }

  private async tell(): Promise<void> {
    this.telling = true;
    try {
      while (this.waiting.size > 0) await this.tellSome();
    } catch {
      this.missed(); // the store is away: what could not be looked up is lost
    } finally {
      this.telling = false;
    }
  }

  private async tellSome(): Promise<void> {
    const some = [...this.waiting].slice(0, LOOK_UPS);
    for (const wf of some) this.waiting.delete(wf);
    for (const head of await Promise.all(some.map((wf) => this.heads.read(wf)))) {
      if (!head) continue;
      for (const listener of this.listeners.get(head.tenant) ?? []) listener.changed(head); // C1
    }
  }
}
