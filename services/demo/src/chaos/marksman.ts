import { setTimeout as wait } from 'node:timers/promises';
import type { Fleet, ManagedProcess } from '@lockstep/testing';
import type { HeldWork } from './held-work.js';
import type { HeldCall, OpenEffects } from './open-effects.js';
import type { Aim, Kill } from './plan.js';

/** The calls at which a role's effects can be held open. */
export const EFFECT_TARGETS: Readonly<Record<string, readonly string[]>> = {
  orders: [
    'cancel_pending_order',
    'modify_pending_order_items',
    'return_delivered_order_items',
    'exchange_delivered_order_items',
    'reinstate_order',
    'put_back_items',
    'withdraw_return',
    'withdraw_exchange',
  ],
  payments: ['bank'],
  notifier: ['mail'],
};

/** The effect of a call that is not named like it, or the effect that it takes back. */
const ACTIONS: Readonly<Record<string, string>> = {
  bank: 'book',
  reinstate_order: 'cancel_pending_order',
  put_back_items: 'modify_pending_order_items',
  withdraw_return: 'return_delivered_order_items',
  withdraw_exchange: 'exchange_delivered_order_items',
};

/** What takes an effect back is one of its own. */
function actionOf({ target, reference }: HeldCall): string {
  const action = ACTIONS[target] ?? target;
  return reference.startsWith('undo:') ? `undo-${action}` : action;
}

/** A process that runs, and what it was caught at. */
export interface Target {
  readonly process: ManagedProcess;
  readonly pid: number;
  readonly aim: Aim;
}

/** A moment that has not come by then may not come at all. */
const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 10;

/** Waits for the moment at which a kill is to strike. */
export class Marksman {
  constructor(
    private readonly fleet: Fleet,
    private readonly work: HeldWork,
    private readonly effects: OpenEffects,
    private readonly random: () => number,
  ) {}

  /**
   * The process to kill now: at the moment that was asked for or, when it does not come, at a lesser one. A
   * service is only struck while all of its replicas are up, so that where there are two one goes on.
   *
   * @param hopeless - aborted when there is no more work to be caught at
   * @param signal - ends all waiting
   */
  async target(
    { service, aim }: Kill,
    hopeless: AbortSignal,
    signal: AbortSignal,
  ): Promise<Target> {
    await Promise.all(this.fleet.replicasOf(service).map((each) => each.ready()));
    const vain = AbortSignal.any([hopeless, AbortSignal.timeout(PATIENCE_MS)]);
    const caught =
      (aim === 'effect' && (await this.#atEffect(service, vain, signal))) ||
      (aim === 'task' && (await this.#atTask(service, vain, signal)));
    return caught || this.#anytime(service, signal);
  }

  async #atEffect(service: string, vain: AbortSignal, signal: AbortSignal) {
    const targets = EFFECT_TARGETS[service] ?? [];
    await this.effects.holdNext(targets);
    return lookUntil(vain, signal, async () => {
      for (const call of await this.effects.held(targets)) {
        const target = await this.#holderOf(call, service);
        if (target) return target;
      }
      return undefined;
    });
  }

  /** The process whose effect waits for an answer; its key is the reference. */
  async #holderOf(call: HeldCall, service: string): Promise<Target | undefined> {
    const owner = await this.work.reserverOf(actionOf(call), call.reference);
    return this.#find(service, 'effect', async (pid) => {
      const held = await this.work.of(service, pid);
      return held.some(({ wf, task }) => wf === owner?.wf && task === owner.task);
    });
  }

  #atTask(service: string, vain: AbortSignal, signal: AbortSignal) {
    return lookUntil(vain, signal, () =>
      this.#find(service, 'task', async (pid) => (await this.work.of(service, pid)).length > 0),
    );
  }

  async #anytime(service: string, signal: AbortSignal): Promise<Target> {
    const found = await lookUntil(signal, signal, () =>
      this.#find(service, 'anytime', () => Promise.resolve(true)),
    );
    if (!found) throw new RangeError(`${service} is nothing that runs`);
    return found;
  }

  async #find(
    service: string,
    aim: Aim,
    fits: (pid: number) => Promise<boolean>,
  ): Promise<Target | undefined> {
    const replicas = this.fleet.replicasOf(service);
    const first = Math.floor(this.random() * replicas.length);
    for (const process of [...replicas.slice(first), ...replicas.slice(0, first)]) {
      const { pid } = process;
      if (pid !== undefined && (await fits(pid))) return { process, pid, aim };
    }
    return undefined;
  }
}

/** Looks again and again until something is found, or it is `vain`. */
async function lookUntil<Found>(
  vain: AbortSignal,
  signal: AbortSignal,
  look: () => Promise<Found | undefined>,
): Promise<Found | undefined> {
  while (!vain.aborted) {
    const found = await look();
    if (found !== undefined) return found;
    await wait(LOOK_AGAIN_MS, undefined, { signal });
  }
  return undefined;
}
