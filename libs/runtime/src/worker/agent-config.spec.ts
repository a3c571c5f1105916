import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@lockstep/host';
import { AgentConfig } from './agent-config.js';

describe('the settings of an agent', () => {
  it('are good as they are', () => {
    expect(loadConfig(AgentConfig, {})).toMatchObject({ concurrency: 32, leaseMs: 10_000 });
  });

  it('have a lease that outlasts some heartbeats', () => {
    const environment = { LOCKSTEP_LEASE_MS: '1500', LOCKSTEP_HEARTBEAT_MS: '1000' };
    expect(() => loadConfig(AgentConfig, environment)).toThrow(
      'LOCKSTEP_LEASE_MS is "1500", but it must be at least 2 times LOCKSTEP_HEARTBEAT_MS',
    );
  });
});
