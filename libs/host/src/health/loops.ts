import { Injectable } from '@nestjs/common';
import { LoopWatchdog } from '@lockstep/store';
import { RedisConnections } from '../store/redis-connections.js';
import { Health } from './health.js';

/** Longer than Redis may be silent before a connection to it is made anew, unit ms. */
const STUCK_MS = 15_000;

/** The loops of this process. While one of them is stuck the process is not live. */
@Injectable()
export class Loops {
  private readonly watchdog = new LoopWatchdog();

  constructor(
    health: Health,
    private readonly connections: RedisConnections,
  ) {
    health.liveWhile('loops', () => {
      this.check();
    });
  }

  /** Watches a loop from its first turn on; it calls the answer at each turn, also when it waits in vain. */
  watch(name: string): () => void {
    let watched = false;
    return () => {
      if (watched) this.watchdog.progress(name);
      else this.watchdog.watch(name, STUCK_MS);
      watched = true;
    };
  }

  /** Without Redis every loop waits for it: that is not ready, and not stuck. */
  private check(): void {
    if (this.connections.steadyMs() < STUCK_MS) return;
    const [stuck] = this.watchdog.stuck();
    if (!stuck) return;
    throw new Error(`the loop ${stuck.name} made no turn for ${Math.round(stuck.silentMs)} ms`);
  }
}
