import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';

const MAX_PAGE = 1000;

export class EventsQuery {
  @ApiPropertyOptional({ description: 'Version after which to begin', minimum: 0, default: 0 })
  @Type(() => Number)
  @IsInt()
  @Min(0)
  readonly after: number = 0;

  @ApiPropertyOptional({
    description: 'Events at most; a page of JSON has 100 by default, NDJSON all there are',
    minimum: 1,
    maximum: MAX_PAGE,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PAGE)
  readonly limit?: number;
}

export class StateQuery {
  @ApiPropertyOptional({ description: 'Default: the current version', minimum: 1 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  readonly version?: number;
}
