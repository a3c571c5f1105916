// Feed tail: the one reader of what changes in this process, whoever listens.
//
//   F1. One connection and one blocking read cover all partitions, however many clients there are.
//   F2. It is positioned before anybody can listen. So whoever listens first and reads then misses nothing.
//   F3. It tells that something changed, never what: listeners read the log. After a lost connection it tells
//       everybody, since the feed may have been trimmed meanwhile.

import { setTimeout as pause } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Loops } from '@lockstep/host';
import type { WorkflowId } from '@lockstep/kernel';
import { type FeedEntry, FeedReader, Partitions } from '@lockstep/store';
import { Connections } from '../store/connections.js';

const READ = { count: 1000, blockMs: 1000 };
const RETRY_MS = 200;

export interface ChangeListener {
  changed(change: FeedEntry): void;
  /** Any number of changes may have been missed. */
  missed(): void;
}

@Injectable()
export class FeedTail implements OnModuleInit, OnApplicationShutdown {
  private readonly feed: FeedReader;
  private readonly positions = new Map<number, string>();
  private readonly listeners = new Map<WorkflowId | null, Set<ChangeListener>>();
  private readonly turn: () => void;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(
    connections: Connections,
    private readonly partitions: Partitions,
    loops: Loops,
  ) {
    this.feed = new FeedReader(connections.feed, partitions);
    this.turn = loops.watch('feed');
  }

  /** Finds the end of every feed, then follows them (F2). */
  async onModuleInit(): Promise<void> {
    for (let partition = 0; partition < this.partitions.count; partition += 1) {
      this.positions.set(partition, await this.feed.end(partition));
    }
    this.running = this.follow();
  }

  /** The read that is under way ends by itself, or with its connection. */
  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  /**
   * @param wf - the workflow to hear of; null for all
   * @returns a function that ends it
   */
  listen(wf: WorkflowId | null, listener: ChangeListener): () => void {
    const listeners = this.listeners.get(wf) ?? new Set();
    this.listeners.set(wf, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(wf);
    };
  }

  private async follow(): Promise<void> {
    while (!this.stopped) {
      try {
        for (const entry of await this.feed.read(this.positions, READ)) this.tell(entry);
      } catch {
        await pause(RETRY_MS); // the connection is being restored
        this.tellMissed(); // F3
      }
      this.turn();
    }
  }

  private tell(entry: FeedEntry): void {
    this.positions.set(entry.partition, entry.id);
    for (const listener of this.listeners.get(entry.wf) ?? []) listener.changed(entry);
    for (const listener of this.listeners.get(null) ?? []) listener.changed(entry);
  }

  private tellMissed(): void {
    for (const listeners of this.listeners.values()) {
      for (const listener of listeners) listener.missed();
    }
  }
}
