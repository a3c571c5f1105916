import { describe, expect, it } from '@jest/globals';
import type { TaskId, WorkflowId } from '@lockstep/kernel';
import type { Delivery } from '@lockstep/store';
import { systemClock } from '../execution/clock.js';
import { DeliveryLoop } from './delivery-loop.js';
import { Places } from './places.js';

const delivery = (message: string): Delivery => ({
  ...{ partition: 0, inbox: 'crew@1', message, name: 'run', dispatch: 1, born: 2, alone: false },
  ...{ wf: 'wf-1' as WorkflowId, task: 'r' as TaskId },
});

describe('the loop that reads deliveries', () => {
  it('has the claims of what it has read go out before it reads on', async () => {
    const sent: string[] = [];
    const found = [[delivery('1-0'), delivery('2-0')], [delivery('3-0')]];
    const { promise: isEmpty, resolve: empty } = Promise.withResolvers<undefined>();
    const inbox = {
      read: (): Promise<Delivery[]> => {
        sent.push('read');
        const next = found.shift();
        if (!next) empty(undefined);
        return Promise.resolve(next ?? []);
      },
      reclaim: () => Promise.resolve({ deliveries: [], buried: 0, vanished: [] }),
    };
    // As the store does: what is asked for in one turn of the event loop is sent at its end.
    const claim = ({ message }: Delivery): void =>
      void Promise.resolve().then(() => setImmediate(() => sent.push(`claim ${message}`)));
    const events = { turned: () => undefined, reclaimed: () => undefined, failed: () => undefined };
    const loop = new DeliveryLoop(inbox, new Places(8), systemClock, claim, events);
    loop.start();
    await isEmpty;
    await loop.stop();
    expect(sent.slice(0, 6)).toEqual([
      ...['read', 'claim 1-0', 'claim 2-0'],
      ...['read', 'claim 3-0', 'read'],
    ]);
  });
});
