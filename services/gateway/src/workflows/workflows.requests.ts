import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Allow, Matches } from 'class-validator';
import { NAME_PATTERN } from '@lockstep/contracts';

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
