import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { WorkflowId } from '@lockstep/kernel';
import { TooManyListeners } from '../problems/errors.js';
import { type ChangeListener, FeedTail } from './feed-tail.js';
import { Watch } from './watch.js';

/** Streams and long polls that are open at a time: of all callers, and of one tenant. */
const LIMITS = { process: 4000, tenant: 1000 };

/** A listener that ends when its client has enough, or when the gateway stops. */
interface Closable extends ChangeListener {
  close(): void;
}

/** Who listens for changes, in bounded numbers. One tenant cannot take every place. */
@Injectable()
export class Listeners implements OnModuleDestroy {
  private readonly open = new Set<Closable>();
  private readonly ofTenant = new Map<string, number>();

  constructor(
    private readonly tail: FeedTail,
    private readonly limits = LIMITS,
  ) {}

  /**
   * Waits for changes of one workflow. Close it, or every place will be taken.
   *
   * @throws TooManyListeners
   */
  watch(tenant: string, wf: WorkflowId): Watch {
    let leave = (): void => undefined;
    const watch = new Watch(() => {
      leave();
    });
    leave = this.admit(tenant, wf, watch);
    return watch;
  }

  /**
   * @param wf - the workflow to hear of; null for all
   * @returns a function that ends it
   * @throws TooManyListeners
   */
  admit(tenant: string, wf: WorkflowId | null, listener: Closable): () => void {
    const count = this.ofTenant.get(tenant) ?? 0;
    if (this.open.size >= this.limits.process) throw new TooManyListeners(this.limits.process);
    if (count >= this.limits.tenant) throw new TooManyListeners(this.limits.tenant);
    const unlisten = this.tail.listen(wf, listener);
    this.open.add(listener);
    this.ofTenant.set(tenant, count + 1);
    return () => {
      unlisten();
      if (!this.open.delete(listener)) return;
      const left = (this.ofTenant.get(tenant) ?? 1) - 1;
      if (left > 0) this.ofTenant.set(tenant, left);
      else this.ofTenant.delete(tenant);
    };
  }

  /** Ends every stream and long poll, so that the server can close. */
  onModuleDestroy(): void {
    for (const listener of [...this.open]) listener.close();
  }
}
