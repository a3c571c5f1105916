import { ApiPropertyOptional, IntersectionType, OmitType } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import type { DeadLetterQuery } from '@lockstep/store';
import { ReasonedBody, RedriveBody } from '../decisions/decisions.requests.js';
import { IsNameOf } from '../requests/is-name.js';
import { ListPage } from '../requests/list-page.js';
import { IsTime } from '../requests/time.js';

/** Which dead letters are meant: those to which all of it applies. */
export class DeadLetterFilter {
  @ApiPropertyOptional({ description: 'The role where the failures began; default: all' })
  @IsOptional()
  @IsNameOf('a role')
  readonly role?: string;

  @ApiPropertyOptional({ description: 'Cause group: the same error at the same place' })
  @IsOptional()
  @Matches(/^g-[0-9a-f]{12}$/, { message: '$property must be a cause group, as in g-0f343b093112' })
  readonly group?: string;

  @ApiPropertyOptional({ description: 'Only of workflows of this type' })
  @IsOptional()
  @IsNameOf('a workflow type')
  readonly type?: string;

  @ApiPropertyOptional({ type: String, description: 'Written then or later, ISO 8601' })
  @IsOptional()
  @IsTime()
  readonly since?: number;

  @ApiPropertyOptional({ type: String, description: 'Written then or earlier, ISO 8601' })
  @IsOptional()
  @IsTime()
  readonly until?: number;
}

export class DeadLettersQuery extends IntersectionType(DeadLetterFilter, ListPage) {}

export class LetterRedriveBody extends OmitType(RedriveBody, ['version']) {}

export class DiscardBody extends OmitType(ReasonedBody, ['version']) {}

export const queryOf = (
  tenant: string,
  { role, group, type, since, until }: DeadLetterFilter,
): DeadLetterQuery => ({
  tenant,
  ...(role !== undefined && { role }),
  ...(group !== undefined && { group }),
  ...(type !== undefined && { type }),
  ...(since !== undefined && { sinceMs: since }),
  ...(until !== undefined && { untilMs: until }),
});
