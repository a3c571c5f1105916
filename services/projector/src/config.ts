import { ServiceConfig } from '@lockstep/host';
import { IsInt, Max, Min } from 'class-validator';

/** What a projector can be told. */
export class ProjectorConfig extends ServiceConfig {
  /** How long a partition stays with a projector that says nothing more, unit ms. */
  @IsInt()
  @Min(500)
  @Max(60_000)
  projectorLeaseMs = 3000;
}
