import { effect, type EffectSpec, NotPerformed } from '@lockstep/runtime';

/** The outside world of these tests, which the test itself runs. */
export class WorldClient {
  constructor(private readonly url: string) {}

  /** What a step does outside; answers the line for the report. */
  async do(name: string, step: string, signal: AbortSignal): Promise<string> {
    await this.call('POST', `/steps/${name}/${step}`, signal);
    return step;
  }

  /** Pays once, as often as it is asked to. */
  async pay(reference: string, signal: AbortSignal): Promise<string> {
    const response = await this.call('POST', `/payments/${reference}`, signal);
    if (response.status === 503) throw new NotPerformed('the world is closed');
    return response.text();
  }

  /** The receipt of a payment that was made, else null. */
  async payment(reference: string, signal: AbortSignal): Promise<string | null> {
    const response = await this.call('GET', `/payments/${reference}`, signal);
    return response.ok ? response.text() : null;
  }

  private call(method: string, path: string, signal: AbortSignal): Promise<Response> {
    return fetch(new URL(path, this.url), { method, signal });
  }
}

const paid = (world: WorldClient): EffectSpec<string, string> => ({
  perform: (_, { key, signal }) => world.pay(key, signal),
  probe: async (_, { key, signal }) => {
    const receipt = await world.payment(key, signal);
    return receipt === null ? { happened: false } : { happened: true, receipt };
  },
});

export const pay = (world: WorldClient) =>
  effect('pay', { ...paid(world), timeout: 500, window: 400 });

/** Gives the outside world time: nobody takes it for lost while a test waits for many of them. */
export const refund = (world: WorldClient) =>
  effect('refund', { ...paid(world), timeout: '3s', window: '1s' });
