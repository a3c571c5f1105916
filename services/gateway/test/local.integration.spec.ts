import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fixture } from './fixture.js';

describe('a gateway without keys', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start('');
  });
  afterAll(() => fixture.stop());

  /** Status of a request under a host name of our own; `fetch` would not let us. */
  const statusUnder = (host: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const url = new URL('/v1/workflows', fixture.url);
      request(url, { headers: { host } }, (reply) => {
        reply.resume();
        resolve(reply.statusCode);
      })
        .on('error', reject)
        .end();
    });

  it('works for the tenant default', async () => {
    const id = await fixture.startJob({ as: '' });
    expect(await fixture.redis.hget(fixture.store.partitions.head(id), 'tenant')).toBe('default');
  });

  it('answers only requests that mean this machine', async () => {
    expect(await statusUnder('localhost:7400')).toBe(200);
    expect(await statusUnder('[::1]:7400')).toBe(200);
    expect(await statusUnder('evil.example')).toBe(401);
  });
});
