import { ServiceConfig } from '@lockstep/host';
import { IsInt, Max, Min } from 'class-validator';

/** What a supervisor can be told. */
export class SupervisorConfig extends ServiceConfig {
  /** Times a task may take its process with it while held alone, before it waits for a person. */
  @IsInt()
  @Min(1)
  @Max(100)
  crashBudget = 5;

  /** Shortest time between two looks at the connections of workers, unit ms. */
  @IsInt()
  @Min(10)
  @Max(10_000)
  watchMs = 15;
}
