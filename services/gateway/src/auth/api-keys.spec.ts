import { describe, expect, it } from '@jest/globals';
import { ApiKeys } from './api-keys.js';

const ANN = 'ann-key-0123456789';
const BOB = 'bob-key-0123456789';

describe('API keys', () => {
  it('G7: lead to the tenant that they were given to', () => {
    const keys = ApiKeys.parse(`${ANN}=acme,${BOB}=rival`);
    expect(keys.find(ANN)?.tenant).toBe('acme');
    expect(keys.find(BOB)?.tenant).toBe('rival');
  });

  it('are an operator’s where it says so, and of nobody else', () => {
    const keys = ApiKeys.parse(`${ANN}=acme+operator,${BOB}=acme`);
    expect(keys.find(ANN)).toMatchObject({ tenant: 'acme', operator: true });
    expect(keys.find(BOB)).toMatchObject({ tenant: 'acme', operator: false });
  });

  it('are told apart in records without being revealed', () => {
    const keys = ApiKeys.parse(`${ANN}=acme\n${BOB}=acme`);
    expect(keys.find(ANN)?.by).toMatch(/^key:[0-9a-f]{8}$/);
    expect(keys.find(ANN)?.by).not.toBe(keys.find(BOB)?.by);
  });

  it.each(['', 'x', `${ANN}x`, ANN.slice(1), 'acme'])('do not know «%s»', (key) => {
    expect(ApiKeys.parse(`${ANN}=acme`).find(key)).toBeNull();
  });

  it('may contain an equals sign, and stand among comments and blank lines', () => {
    const keys = ApiKeys.parse(`# of the shop\n\n${ANN}===acme\n`);
    expect(keys.find(`${ANN}==`)?.tenant).toBe('acme');
  });

  it('are none in an empty text', () => {
    expect(ApiKeys.parse(' \n').isEmpty).toBe(true);
  });

  it.each([
    [`${ANN}=acme,${BOB}`, 'API key 2 must be <key>=<tenant>'],
    [`${ANN}=Acme Inc`, 'API key 1 must be <key>=<tenant>'],
    [`${ANN}=acme+owner`, 'API key 1 must be <key>=<tenant>'],
    [`${ANN}=a:b`, 'API key 1 must be <key>=<tenant>'],
    ['short=acme', 'API key 1 must have at least 16 characters'],
  ])('are refused in %s, and not shown', (text, reason) => {
    expect(() => ApiKeys.parse(text)).toThrow(reason);
    expect(() => ApiKeys.parse(text)).not.toThrow(ANN);
  });
});
