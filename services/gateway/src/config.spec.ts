import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Environment, loadConfig } from '@lockstep/host';
import { GatewayConfig } from './config.js';

const KEY = 'ann-key-0123456789';
const keysOf = (environment: Environment) => loadConfig(GatewayConfig, environment).keys();

describe('the settings of the gateway', () => {
  it.each(['127.0.0.1', '127.0.0.2', '::1', 'localhost'])('need no key to listen on %s', (host) => {
    expect(keysOf({ LOCKSTEP_HTTP_HOST: host }).isEmpty).toBe(true);
  });

  it.each(['0.0.0.0', '::', '192.168.0.4', '128.0.0.1', 'example.com'])(
    'need a key to listen on %s, and say how to give one',
    (host) => {
      expect(() => keysOf({ LOCKSTEP_HTTP_HOST: host })).toThrow(
        /LOCKSTEP_HTTP_HOST.*LOCKSTEP_API_KEYS=<key>=<tenant>/s,
      );
      const withKey = { LOCKSTEP_HTTP_HOST: host, LOCKSTEP_API_KEYS: `${KEY}=acme` };
      expect(keysOf(withKey).isEmpty).toBe(false);
    },
  );

  it('take keys from a file as well', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'lockstep-keys-')), 'keys');
    writeFileSync(file, `# of the first tenant\n${KEY}=acme\n`);
    expect(keysOf({ LOCKSTEP_API_KEYS_FILE: file }).find(KEY)?.tenant).toBe('acme');
  });

  it('never show a key', () => {
    expect(() => keysOf({ LOCKSTEP_API_KEYS: KEY })).toThrow('LOCKSTEP_API_KEYS is "(hidden)"');
  });
});
