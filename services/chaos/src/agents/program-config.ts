import { TeamConfig } from '@lockstep/retail/effects';
import { IsInt, Min } from 'class-validator';

export class ProgramConfig extends TeamConfig {
  /** Of the agents' code; see `Change` of a program. */
  @IsInt()
  @Min(1)
  programRelease = 1;
}
