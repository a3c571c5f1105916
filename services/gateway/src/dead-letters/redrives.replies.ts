import { ApiProperty } from '@nestjs/swagger';
import { nullable, OBJECT, OrderReply } from '../openapi/replies.js';

export class RefusalReply {
  @ApiProperty({ description: 'Of the dead letter' })
  readonly id!: string;

  @ApiProperty()
  readonly code!: string;

  @ApiProperty()
  readonly message!: string;
}

export class ProgressReply {
  @ApiProperty()
  readonly redriven!: number;

  @ApiProperty()
  readonly refused!: number;

  @ApiProperty({ type: [RefusalReply], description: 'The last ones' })
  readonly refusals!: readonly RefusalReply[];

  @ApiProperty({ type: Number, ...nullable, description: 'When every letter had been looked at' })
  readonly endedAtMs!: number | null;
}

export class RedriveReply extends OrderReply {
  @ApiProperty({ example: 'rd-0f343b0931126a20f133d67c2b018a3b' })
  readonly id!: string;

  @ApiProperty({ enum: ['running', 'done', 'stopped'] })
  readonly status!: string;

  @ApiProperty({ description: 'Letters a second' })
  readonly perSecond!: number;

  @ApiProperty({ description: 'Letters written later are none of its' })
  readonly untilMs!: number;

  @ApiProperty({ type: ProgressReply })
  readonly progress!: ProgressReply;

  @ApiProperty({ ...OBJECT, ...nullable, description: 'Who stopped it, and why' })
  readonly stopped!: object | null;
}

export class RedrivesReply {
  @ApiProperty({ type: [RedriveReply] })
  readonly redrives!: readonly RedriveReply[];
}
