import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  Allow,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  MaxLength,
  Min,
  MinLength,
} from 'class-validator';
import type { EffectVerdict } from '@lockstep/kernel';

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
export class ReasonedBody extends DecisionBody {
  @ApiProperty({ description: 'Why; recorded with the decision', maxLength: 1000 })
  @IsString()
  @MinLength(1)
  @MaxLength(1000)
  readonly reason!: string;
}

export class CancelBody extends ReasonedBody {}

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
