import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { ReasonBody } from '../requests/reason.js';
import { DeadLetterFilter } from './dead-letters.requests.js';

class Rate {
  @ApiPropertyOptional({ description: 'Letters a second', minimum: 1, maximum: 100, default: 10 })
  @IsInt()
  @Min(1)
  @Max(100)
  readonly perSecond: number = 10;
}

export class RedrivesBody extends IntersectionType(DeadLetterFilter, Rate, ReasonBody) {}
