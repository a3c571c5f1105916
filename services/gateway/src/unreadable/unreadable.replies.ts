import { ApiProperty } from '@nestjs/swagger';
import { OBJECT, OrderReply, PageReply } from '../openapi/replies.js';

export class UnreadableReply {
  @ApiProperty({ example: '1795449600000-0_3_payments' })
  readonly id!: string;

  @ApiProperty({ description: 'Whose inbox it came by' })
  readonly role!: string;

  @ApiProperty({ description: 'When it was buried' })
  readonly atMs!: number;

  @ApiProperty({ ...OBJECT, description: 'The inbox, its id there (`message`), and its fields' })
  readonly found!: unknown;
}

export class UnreadablesReply extends PageReply {
  @ApiProperty({ type: [UnreadableReply], description: 'The newest first' })
  readonly messages!: UnreadableReply[];
}

/** Who discarded it first, and why. */
export class DiscardedReply extends OrderReply {
  @ApiProperty({ example: '1795449600000-0_3_payments' })
  readonly id!: string;
}
