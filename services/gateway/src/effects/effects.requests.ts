import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { UnsettledStatus } from '@lockstep/kernel';
import { IsNameOf } from '../requests/is-name.js';
import { ListPage } from '../requests/list-page.js';

export const STATUSES: readonly UnsettledStatus[] = ['in-doubt', 'parked'];

/** Which effects are meant: those to which all of it applies. */
export class EffectsFilter {
  @ApiPropertyOptional({
    enum: STATUSES,
    description:
      '`in-doubt`: it is being found out; `parked`: it waits for a person. Default: both',
  })
  @IsOptional()
  @IsIn(STATUSES)
  readonly status?: UnsettledStatus;

  @ApiPropertyOptional({ description: 'The role that performs them; default: all' })
  @IsOptional()
  @IsNameOf('a role')
  readonly role?: string;

  @ApiPropertyOptional({ description: 'Their action; default: all' })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  readonly action?: string;
}

export class EffectsQuery extends IntersectionType(EffectsFilter, ListPage) {}
