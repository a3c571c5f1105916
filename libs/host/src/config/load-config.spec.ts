import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IsInt, IsString, Min } from 'class-validator';
import { InvalidSettings } from './invalid-settings.js';
import { loadConfig } from './load-config.js';
import { ServiceConfig } from './service-config.js';

class AgentSettings extends ServiceConfig {
  @IsInt()
  @Min(1)
  concurrency = 32;

  @IsString()
  apiKeys!: string;
}

const problemsOf = (environment: Record<string, string>): InvalidSettings => {
  try {
    loadConfig(AgentSettings, environment);
  } catch (error) {
    if (error instanceof InvalidSettings) return error;
    throw error;
  }
  throw new Error('the environment was accepted');
};

describe('loadConfig', () => {
  it('reads numbers, booleans and text, and keeps the defaults of what is not set', () => {
    const config = loadConfig(AgentSettings, {
      LOCKSTEP_CONCURRENCY: '4',
      LOCKSTEP_UNSAFE_REDIS: 'true',
      LOCKSTEP_API_KEYS: 'k=acme',
      LOCKSTEP_HTTP_PORT: '',
    });
    expect(config).toMatchObject({
      concurrency: 4,
      unsafeRedis: true,
      apiKeys: 'k=acme',
      httpPort: 0,
      redisUrl: 'redis://127.0.0.1:6379',
    });
  });

  it('names every variable that does not fit, with what came and the way out', () => {
    const { problems, message } = problemsOf({
      LOCKSTEP_CONCURRENCY: 'many',
      LOCKSTEP_HTTP_PORT: '70000',
    });
    expect(problems.map(({ variable }) => variable).sort()).toEqual([
      'LOCKSTEP_API_KEYS',
      'LOCKSTEP_CONCURRENCY',
      'LOCKSTEP_HTTP_PORT',
    ]);
    expect(message).toContain(
      'LOCKSTEP_HTTP_PORT is "70000", but it must not be greater than 65535: set it so, or unset it for "0"',
    );
    expect(message).toContain('LOCKSTEP_API_KEYS is not set, but it must be a string: set it so');
  });

  it('takes a word for a boolean only when it is one', () => {
    const { problems } = problemsOf({ LOCKSTEP_UNSAFE_REDIS: 'yes', LOCKSTEP_API_KEYS: 'k' });
    expect(problems).toEqual([
      {
        variable: 'LOCKSTEP_UNSAFE_REDIS',
        expected: 'it must be a boolean value',
        came: 'yes',
        fallback: 'false',
      },
    ]);
  });

  it('shows no password', () => {
    const { message } = problemsOf({
      LOCKSTEP_API_KEYS: 'k',
      LOCKSTEP_REDIS_URL: 'http://me:hunter2@redis',
    });
    expect(message).toContain('http://(hidden)@redis');
    expect(message).not.toContain('hunter2');
  });
});

describe('a setting in a file', () => {
  let folder: string;
  const inFile = (text: string): string => {
    const file = join(folder, 'setting');
    writeFileSync(file, text);
    return file;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-settings-'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is read like one in the environment, without the end of its line', () => {
    const config = loadConfig(AgentSettings, {
      LOCKSTEP_API_KEYS_FILE: inFile('one=acme\ntwo=acme\n'),
      LOCKSTEP_CONCURRENCY: '4',
    });
    expect(config).toMatchObject({ apiKeys: 'one=acme\ntwo=acme', concurrency: 4 });
  });

  it('keeps its rule', () => {
    const { problems } = problemsOf({
      LOCKSTEP_API_KEYS: 'k',
      LOCKSTEP_CONCURRENCY_FILE: inFile('0'),
    });
    expect(problems).toMatchObject([{ variable: 'LOCKSTEP_CONCURRENCY', came: '0' }]);
  });

  it('is refused when the environment says it as well', () => {
    const { message } = problemsOf({
      LOCKSTEP_API_KEYS: 'k',
      LOCKSTEP_API_KEYS_FILE: inFile('other'),
    });
    expect(message).toMatch(/LOCKSTEP_API_KEYS_FILE is .*but LOCKSTEP_API_KEYS must not be set/);
  });

  it('is refused when the file cannot be read', () => {
    const { message } = problemsOf({
      LOCKSTEP_API_KEYS: 'k',
      LOCKSTEP_REDIS_PASSWORD_FILE: join(folder, 'none'),
    });
    expect(message).toMatch(/LOCKSTEP_REDIS_PASSWORD_FILE is .*ENOENT/);
  });
});
