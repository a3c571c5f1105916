import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { TooManyListeners } from '../problems/errors.js';
import { Watch } from './watch.js';

/** Streams and long polls that are open at a time: of all callers, and of one tenant. */
const LIMITS = { process: 4000, tenant: 1000 };

/** Who waits for changes, in bounded numbers. One tenant cannot take every place. */
@Injectable()
export class Listeners implements OnModuleDestroy {
  private readonly open = new Map<Watch, string>();
  private readonly ofTenant = new Map<string, number>();
  private readonly limits = LIMITS;

  /**
   * A watch that lasts until it is closed, the client is gone, or the gateway stops.
   *
   * @param gone - aborted when the client waits no longer
   * @throws TooManyListeners
   */
  watch(tenant: string, gone: AbortSignal): Watch {
    const count = this.ofTenant.get(tenant) ?? 0;
    if (this.open.size >= this.limits.process) throw new TooManyListeners(this.limits.process);
    if (count >= this.limits.tenant) throw new TooManyListeners(this.limits.tenant);
    const watch = new Watch(gone);
    this.open.set(watch, tenant);
    this.ofTenant.set(tenant, count + 1);
    watch.onClose(() => {
      this.leave(watch, tenant);
    });
    return watch;
  }

  /** Streams and long polls that are open. */
  get count(): number {
    return this.open.size;
  }

  /** Ends every stream and long poll, so that the server can close. */
  onModuleDestroy(): void {
    for (const watch of [...this.open.keys()]) watch.close();
  }

  private leave(watch: Watch, tenant: string): void {
    this.open.delete(watch);
    const left = (this.ofTenant.get(tenant) ?? 1) - 1;
    if (left > 0) this.ofTenant.set(tenant, left);
    else this.ofTenant.delete(tenant);
  }
}
