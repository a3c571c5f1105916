import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import {
  Allow,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  MaxLength,
  Min,
} from 'class-validator';
import type { EffectVerdict } from '@lockstep/kernel';
import { ReasonBody } from '../requests/reason.js';

const VERDICTS: readonly EffectVerdict[] = ['happened', 'did-not-happen', 'probe-again'];

/** What every decision may say. */
export class DecisionBody {
  @ApiPropertyOptional({
    description: 'The version that was seen, unless If-Match says so; default: the current one',
    minimum: 1,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  readonly version?: number;
}

/** Of every decision that says why. */
export class ReasonedBody extends IntersectionType(DecisionBody, ReasonBody) {}

export class CancelBody extends ReasonedBody {
  @ApiPropertyOptional({
    description: 'Whether what was committed is undone before the workflow ends',
    default: true,
  })
  @IsOptional()
  @IsBoolean()
  readonly rollback: boolean = true;
}

export class RollbackBody extends ReasonedBody {
  @ApiPropertyOptional({
    description: 'What was committed before it was last reached stands; default: nothing does',
  })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  readonly savepoint?: string;
}

export class SkipBody extends ReasonedBody {
  @ApiPropertyOptional({
    description:
      'The operation that failed; refused when it was another. Default: whichever it was',
    minimum: 1,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  readonly op?: number;

  @ApiPropertyOptional({
    description: 'The result that the task gets for it; default null',
    type: 'object',
    additionalProperties: true,
  })
  @Allow()
  readonly value?: unknown;
}

export class RedriveBody extends ReasonedBody {
  @ApiPropertyOptional({
    description:
      'What the task is asked instead, by its current contract; it begins anew then. Default: it goes on as it was',
    type: 'object',
    additionalProperties: true,
  })
  @Allow()
  readonly request?: unknown;
}

export class SettleBody extends ReasonedBody {
  @ApiProperty({ enum: VERDICTS, description: 'What became of the effect' })
  @IsIn(VERDICTS)
  readonly verdict!: EffectVerdict;

  @ApiPropertyOptional({
    description: 'What the outside world gave for it; only with `happened`',
    type: 'object',
    additionalProperties: true,
  })
  @Allow()
  readonly receipt?: unknown;
}
