import { ApiProperty } from '@nestjs/swagger';
import type { BreakerState } from '@lockstep/store';

const STATES: readonly BreakerState[] = ['closed', 'open', 'half-open'];
const nullable = { nullable: true } as const;
const BY = { type: String, ...nullable, description: 'Who moved it; null when it did so itself' };

export class BreakerChangeReply {
  @ApiProperty({ enum: STATES })
  readonly state!: BreakerState;

  @ApiProperty()
  readonly atMs!: number;

  @ApiProperty(BY)
  readonly by!: string | null;

  @ApiProperty({ description: 'Why' })
  readonly reason!: string;
}

export class BreakerReply {
  @ApiProperty({ description: 'Name of the tool, model or role', example: 'bank' })
  readonly target!: string;

  @ApiProperty({ enum: STATES })
  readonly state!: BreakerState;

  @ApiProperty({ type: Number, ...nullable, description: 'Null when it was always closed' })
  readonly sinceMs!: number | null;

  @ApiProperty(BY)
  readonly by!: string | null;

  @ApiProperty({ type: String, ...nullable, description: 'Why; null when it was always closed' })
  readonly reason!: string | null;

  @ApiProperty({ description: 'Whether it stays open until a person closes it' })
  readonly pinned!: boolean;

  @ApiProperty({ type: Number, ...nullable, description: 'When probes may pass, if it is open' })
  readonly probesAtMs!: number | null;

  @ApiProperty({ description: 'Calls that are going on' })
  readonly admitted!: number;

  @ApiProperty({ description: 'Attempts that were refused and have not come back' })
  readonly waiting!: number;

  @ApiProperty({ type: [BreakerChangeReply], description: 'The last ones, the newest first' })
  readonly changes!: readonly BreakerChangeReply[];
}

export class BreakersReply {
  @ApiProperty({ type: [BreakerReply], description: 'Of every target that work was sent to' })
  readonly breakers!: readonly BreakerReply[];
}
