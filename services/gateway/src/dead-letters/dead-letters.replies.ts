// What is answered about dead letters, as OpenAPI tells it.

import { ApiProperty } from '@nestjs/swagger';
import { EventReply, JSON_VALUE, nullable, OBJECT, PageReply } from '../openapi/replies.js';

export class DeadLetterReply {
  @ApiProperty({ example: '1795449600000-0_3_payments' })
  readonly id!: string;

  @ApiProperty({ description: 'The role where the failure began' })
  readonly role!: string;

  @ApiProperty({ description: 'Id of the workflow' })
  readonly workflow!: string;

  @ApiProperty({ description: 'Where the failure began: the task to run again' })
  readonly task!: string;

  @ApiProperty({ description: 'Type of workflow' })
  readonly type!: string;

  @ApiProperty({ description: 'Of the workflow when it was written' })
  readonly version!: number;

  @ApiProperty()
  readonly atMs!: number;

  @ApiProperty({ description: 'Cause group: the same for the same error at the same place' })
  readonly group!: string;

  @ApiProperty({
    ...JSON_VALUE,
    description:
      'Reason, error chain, task, operation, attempts, and the version of the state that it saw (`seenUpTo`)',
  })
  readonly meta!: unknown;

  @ApiProperty({ ...JSON_VALUE, description: 'What the task was asked, as its log has it' })
  readonly request!: unknown;
}

export class DeadLettersReply extends PageReply {
  @ApiProperty({ type: [DeadLetterReply], description: 'The newest first' })
  readonly deadLetters!: DeadLetterReply[];
}

/** What a person calls a cause by. */
export class CauseReply {
  @ApiProperty()
  readonly role!: string;

  @ApiProperty({ description: 'The task, as its role names it' })
  readonly name!: string;

  @ApiProperty({ type: String, ...nullable, example: 'effect refund' })
  readonly operation!: string | null;

  @ApiProperty({ description: 'Of the outermost error' })
  readonly code!: string;

  @ApiProperty({ description: 'Of the outermost error, with # for numbers, ids and addresses' })
  readonly message!: string;
}

export class GroupReply extends CauseReply {
  @ApiProperty({ example: 'g-0f343b093112' })
  readonly group!: string;

  @ApiProperty()
  readonly count!: number;

  @ApiProperty()
  readonly firstAtMs!: number;

  @ApiProperty()
  readonly lastAtMs!: number;
}

export class GroupsReply {
  @ApiProperty({ type: [GroupReply], description: 'The most frequent first' })
  readonly groups!: GroupReply[];

  @ApiProperty({
    type: String,
    ...nullable,
    description: 'Where counting stopped; null at the end',
  })
  readonly next!: string | null;
}

export class ShownLetterReply extends DeadLetterReply {
  @ApiProperty({ type: CauseReply })
  readonly cause!: CauseReply;

  @ApiProperty({ ...OBJECT, isArray: true, description: 'What a person can do about it now' })
  readonly options!: object[];

  @ApiProperty({ type: [EventReply], description: 'The last events before it was written' })
  readonly events!: EventReply[];
}
