import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Fixture } from './fixture.js';

const KEPT = fileURLToPath(new URL('../../../docs/reference/openapi.json', import.meta.url));

describe('the OpenAPI document', () => {
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await Fixture.start();
  });
  afterAll(() => fixture.stop());

  // When it is not: npm run openapi -w services/gateway
  it('that is kept beside the documentation is the one that is served', async () => {
    const served: unknown = await (await fixture.get('/openapi.json', { as: '' })).json();
    expect(JSON.parse(readFileSync(KEPT, 'utf8'))).toEqual(served);
  });

  it('can be read by people', async () => {
    const reply = await fixture.get('/docs', { as: '' });
    expect(reply.status).toBe(200);
    expect(await reply.text()).toContain('swagger');
  });
});
