import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Driver } from './driver.js';
import type { JobClient } from './job-client.js';

/** Ends every job one turn after its start, and knows how many were in flight. */
class PromptClient implements JobClient {
  onEnded: JobClient['onEnded'] = () => undefined;
  readonly lastEnded = undefined;
  started = 0;
  ended = 0;
  most = 0;

  async start(count: number): Promise<void> {
    this.started += count;
    this.most = Math.max(this.most, this.started - this.ended);
    await turn();
    this.ended += count;
    this.onEnded(count, performance.now());
  }
}

describe('a driver', () => {
  it('keeps as many jobs in flight as it is asked for, and no more', async () => {
    const client = new PromptClient();
    await new Driver(client).load(8, 20);
    expect(client.most).toBe(8);
  });

  it('is done when every job that it started has ended', async () => {
    const client = new PromptClient();
    const { ended, total } = await new Driver(client).load(8, 20);
    expect([client.ended, total]).toEqual([client.started, client.started]);
    expect(ended).toBeLessThan(total);
  });

  it('runs one job after the other where it is asked how long one takes', async () => {
    const client = new PromptClient();
    const durations = await new Driver(client).oneAtATime(20);
    expect([client.most, durations.length]).toEqual([1, client.started]);
  });

  it('fails when the system refuses a job', async () => {
    const client = new PromptClient();
    client.start = () => Promise.reject(new Error('refused'));
    await expect(new Driver(client).all(3)).rejects.toThrow('refused');
  });
});
