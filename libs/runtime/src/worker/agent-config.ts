import { ServiceConfig } from '@lockstep/host';
import { IsInt, Max, Min } from 'class-validator';

/** What an agent's service can be told. */
export class AgentConfig extends ServiceConfig {
  /** Tasks that one process holds at once; a suspended task is not held. */
  @IsInt()
  @Min(1)
  @Max(1000)
  concurrency = 32;

  /** After this without a heartbeat the process's tasks are given to others, unit ms. */
  @IsInt()
  @Min(1000)
  leaseMs = 10_000;

  /** Time between two heartbeats, unit ms; some of them fit into a lease. */
  @IsInt()
  @Min(100)
  heartbeatMs = 1000;
}
