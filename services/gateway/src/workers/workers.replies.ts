import { ApiProperty } from '@nestjs/swagger';
import { nullable, OrderReply } from '../openapi/replies.js';

export class WorkerReply {
  @ApiProperty({ example: 'payments-4711-9f86d081884c' })
  readonly id!: string;

  @ApiProperty()
  readonly role!: string;

  @ApiProperty({ description: "Of the role's contract that it understands" })
  readonly major!: number;

  @ApiProperty({ description: 'When it was first heard of' })
  readonly sinceMs!: number;

  @ApiProperty({ description: 'Partitions in which it has a lease' })
  readonly partitions!: number;

  @ApiProperty({ description: 'Tasks that it holds, of all tenants' })
  readonly tasks!: number;

  @ApiProperty({ type: OrderReply, ...nullable, description: 'Null unless told to drain' })
  readonly drain!: OrderReply | null;
}

export class WorkersReply {
  @ApiProperty({ type: [WorkerReply] })
  readonly workers!: readonly WorkerReply[];
}
