import { ServiceConfig } from '@lockstep/host';
import { DEFAULT_LIMITS } from '@lockstep/store';
import { IsInt, Max, Min, ValidateBy, type ValidationArguments } from 'class-validator';

/** One beat may be lost before others take the tasks. */
const BEATS_A_LEASE = 2;

const outlastsBeats = (leaseMs: number, args?: ValidationArguments): boolean =>
  leaseMs >= BEATS_A_LEASE * (args?.object as AgentConfig).heartbeatMs;

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
  @ValidateBy({
    name: 'outlastsBeats',
    validator: {
      validate: outlastsBeats,
      defaultMessage: () => `it must be at least ${BEATS_A_LEASE} times LOCKSTEP_HEARTBEAT_MS`,
    },
  })
  leaseMs = 10_000;

  /** Time between two heartbeats, unit ms; some of them fit into a lease. */
  @IsInt()
  @Min(100)
  heartbeatMs = 1000;

  /** Calls and handoffs one behind the other, after which the next one parks its task as a livelock. */
  @IsInt()
  @Min(1)
  maxHops = 256;

  /** How long the outcome of an effect is known to whoever uses its key again, unit ms; 0: for ever. */
  @IsInt()
  @Min(0)
  receiptMs = DEFAULT_LIMITS.receiptMs;
}
