import { ServiceConfig } from '@lockstep/host';
import { IsInt, IsString, Max, Min } from 'class-validator';

const DAY_MS = 86_400_000;

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

  /** How long a workflow stays after its end, unit ms; 0: for ever. */
  @IsInt()
  @Min(0)
  retentionMs = 7 * DAY_MS;

  /** How long a repeated start finds its result after that, unit ms; 0: not at all. */
  @IsInt()
  @Min(0)
  tombstoneMs = 7 * DAY_MS;

  /** Folder that workflows are archived in before they leave; none: they leave without. */
  @IsString()
  archiveDir = '';
}
