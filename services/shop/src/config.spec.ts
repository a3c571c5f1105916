import { expect, it } from '@jest/globals';
import { readConfig } from './config.js';

it('has a default for every setting', () => {
  expect(readConfig({})).toMatchObject({
    LOCKSTEP_HTTP_HOST: '127.0.0.1',
    LOCKSTEP_HTTP_PORT: 7480,
    SHOP_FAULT_RATE: 0,
    SHOP_INITIAL_DIR: expect.stringMatching(/services\/demo\/sample$/),
  });
});

it('reads numbers and lists', () => {
  const config = readConfig({
    LOCKSTEP_HTTP_PORT: '0',
    SHOP_FAULT_RATE: '0.1',
    SHOP_FAULT_KINDS: 'late,cut',
  });
  expect(config).toMatchObject({
    LOCKSTEP_HTTP_PORT: 0,
    SHOP_FAULT_RATE: 0.1,
    SHOP_FAULT_KINDS: ['late', 'cut'],
  });
});

it('names every setting that does not fit, what would, and what came', () => {
  const read = () => readConfig({ LOCKSTEP_HTTP_PORT: 'http', SHOP_FAULT_KINDS: 'rain' });
  expect(read).toThrow(/LOCKSTEP_HTTP_PORT must be an integer number.*it is/);
  expect(read).toThrow(/SHOP_FAULT_KINDS must be one of.*late.*"rain"/);
});
