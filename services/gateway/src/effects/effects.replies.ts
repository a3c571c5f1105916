import { ApiProperty } from '@nestjs/swagger';
import { OBJECT, PageReply } from '../openapi/replies.js';
import { STATUSES } from './effects.requests.js';

export class EffectReply {
  @ApiProperty({ description: 'Id of the workflow' })
  readonly workflow!: string;

  @ApiProperty({ description: 'Type of workflow' })
  readonly type!: string;

  @ApiProperty()
  readonly task!: string;

  @ApiProperty({ description: 'Of the task' })
  readonly role!: string;

  @ApiProperty({ description: "Which of the task's operations it is" })
  readonly op!: number;

  @ApiProperty({ example: 'refund' })
  readonly action!: string;

  @ApiProperty()
  readonly key!: string;

  @ApiProperty({ enum: ['low', 'medium', 'high'] })
  readonly risk!: string;

  @ApiProperty({ enum: STATUSES })
  readonly status!: string;

  @ApiProperty({
    description: 'When the doubt began; of an effect in none, when its task was parked',
  })
  readonly sinceMs!: number;

  @ApiProperty()
  readonly attempts!: number;

  @ApiProperty({
    ...OBJECT,
    isArray: true,
    description: 'Of the last attempt; if none failed, why its task was parked',
  })
  readonly error!: object[];

  @ApiProperty({ ...OBJECT, isArray: true, description: 'What a person can do about it now' })
  readonly options!: object[];
}

export class EffectsReply extends PageReply {
  @ApiProperty({ type: [EffectReply], description: 'The newest doubt first' })
  readonly effects!: EffectReply[];
}
