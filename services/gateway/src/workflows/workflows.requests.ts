import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Allow, IsIn, IsInt, IsOptional, Matches, Min } from 'class-validator';
import { NAME_PATTERN } from '@lockstep/contracts';
import type { WorkflowStatus } from '@lockstep/store';
import { IsWait } from '../requests/wait.js';
import { ListPage } from '../requests/list-page.js';

const STATUSES: readonly WorkflowStatus[] = [
  'running',
  'parked',
  'cancelling',
  'rolling-back',
  'cancelled',
  'failed',
  'completed',
];

export class StartBody {
  @ApiProperty({ description: 'Type of workflow, as its contract names it' })
  @Matches(NAME_PATTERN, { message: '$property must name a workflow type' })
  readonly type!: string;

  @ApiPropertyOptional({
    description: "What the workflow's contract asks for; left out where it asks for nothing",
    type: 'object',
    additionalProperties: true,
  })
  @Allow()
  readonly request?: unknown;
}

export class ViewQuery {
  @ApiPropertyOptional({
    description: 'Version that must be in the view',
    minimum: 1,
  })
  @Type(() => Number)
  @IsInt()
  @Min(1)
  readonly atLeast: number = 1;

  @ApiPropertyOptional({
    description: 'How long to wait for that version, at most 60s',
    type: String,
    default: '10s',
  })
  @IsWait()
  readonly wait: number = 10_000;
}

export class ListQuery extends ListPage {
  @ApiPropertyOptional({ description: 'Only workflows of this type' })
  @IsOptional()
  @Matches(NAME_PATTERN, { message: '$property must name a workflow type' })
  readonly type?: string;

  @ApiPropertyOptional({ enum: STATUSES, description: 'Only workflows in this status' })
  @IsOptional()
  @IsIn(STATUSES)
  readonly status?: WorkflowStatus;
}
