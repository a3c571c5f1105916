// What the gateway answers, as OpenAPI tells it. What is recorded JSON is told as such.

import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export const OBJECT = { type: 'object', additionalProperties: true } as const;
export const JSON_VALUE = { ...OBJECT, description: 'As it was recorded' } as const;
export const nullable = { nullable: true } as const;

/** What every answer about one workflow says. */
export class WorkflowReply {
  @ApiProperty({ example: 'wf-0f343b0931126a20f133d67c2b018a3b' })
  readonly id!: string;

  @ApiProperty({ enum: ['running', 'parked', 'cancelling', 'cancelled', 'completed'] })
  readonly status!: string;

  @ApiProperty({ description: 'Of the last event; the event that a decision ended with' })
  readonly version!: number;
}

export class TypedWorkflowReply extends WorkflowReply {
  @ApiProperty({ description: 'Type of workflow' })
  readonly type!: string;
}

export class ResultReply extends TypedWorkflowReply {
  @ApiProperty({ ...JSON_VALUE, ...nullable, description: 'Null while there is none' })
  readonly result!: unknown;
}

export class SignalReply {
  @ApiProperty()
  readonly id!: string;

  @ApiProperty({ description: 'Of the event that holds the signal' })
  readonly version!: number;
}

/** The fields that a client most often reads; the reference of views tells the rest. */
export class ViewReply extends TypedWorkflowReply {
  @ApiProperty({ ...OBJECT, description: 'The shared state' })
  readonly state!: unknown;

  @ApiProperty({ ...OBJECT, ...nullable })
  readonly result!: unknown;

  @ApiProperty({ description: 'What waits for a person, with what the person can do' })
  readonly parked!: object[];

  @ApiProperty({ description: 'Every task: role, state, attempts, waits, outcome' })
  readonly tasks!: object[];

  @ApiProperty({ description: 'Every effect: action, key, status, occurrence' })
  readonly effects!: object[];

  @ApiProperty({ description: 'The latest events, without payloads' })
  readonly timeline!: object;

  @ApiProperty()
  readonly startedAtMs!: number;

  @ApiProperty()
  readonly updatedAtMs!: number;

  @ApiProperty({ type: Number, ...nullable })
  readonly endedAtMs!: number | null;
}

export class StandingReply {
  @ApiProperty({ type: String, ...nullable, description: 'Null when it is the whole workflow' })
  readonly task!: string | null;

  @ApiProperty({ type: String, ...nullable })
  readonly role!: string | null;

  @ApiProperty({
    enum: [
      ...['running', 'queued', 'no-worker', 'call', 'timer', 'signal', 'retry', 'key', 'target'],
      ...['doubt', 'settling', 'person'],
    ],
  })
  readonly why!: string;

  @ApiProperty({ description: 'What it waits for, in words' })
  readonly what!: string;

  @ApiProperty()
  readonly sinceMs!: number;

  @ApiProperty({ type: Number, ...nullable, description: 'When it goes on by itself, if known' })
  readonly untilMs!: number | null;

  @ApiProperty({ ...OBJECT, isArray: true, description: 'Of the last attempt that failed' })
  readonly error!: object[];

  @ApiProperty({ ...OBJECT, isArray: true, description: 'What a person can do' })
  readonly options!: object[];
}

export class StandingsReply extends WorkflowReply {
  @ApiProperty({ type: [StandingReply] })
  readonly standing!: StandingReply[];
}

/** A page of a list. */
export class PageReply {
  @ApiProperty({ type: String, ...nullable, description: '`cursor` of the next page' })
  readonly next!: string | null;
}

/** What a person ordered. */
export class OrderReply {
  @ApiProperty()
  readonly by!: string;

  @ApiProperty()
  readonly reason!: string;

  @ApiProperty()
  readonly atMs!: number;
}

export class SummaryReply extends TypedWorkflowReply {
  @ApiProperty()
  readonly startedAtMs!: number;
}

export class ListReply extends PageReply {
  @ApiProperty({ type: [SummaryReply], description: 'The newest first' })
  readonly workflows!: SummaryReply[];
}

export class EventReply {
  @ApiProperty({ description: 'Position in the log, from 1 without a gap' })
  readonly version!: number;

  @ApiProperty()
  readonly type!: string;

  @ApiProperty({ description: 'Empty for an event of the workflow itself' })
  readonly task!: string;

  @ApiProperty({ description: "The task's operation; 0 where none is meant" })
  readonly op!: number;

  @ApiProperty({ description: 'Of the claim that wrote it; 0 for writers that hold none' })
  readonly epoch!: number;

  @ApiProperty({ description: "When it was appended, on the store's clock" })
  readonly atMs!: number;

  @ApiProperty(OBJECT)
  readonly meta!: object;

  @ApiProperty({ ...JSON_VALUE, ...nullable })
  readonly data!: unknown;
}

export class EventsReply {
  @ApiProperty({ type: [EventReply] })
  readonly events!: EventReply[];

  @ApiProperty({ type: Number, ...nullable, description: '`after` of the next page' })
  readonly next!: number | null;
}

export class FieldReply {
  @ApiProperty({ example: 'items[2].price' })
  readonly path!: string;

  @ApiProperty({ description: 'The rule, in words' })
  readonly expected!: string;

  @ApiProperty({ description: 'What came, shortened' })
  readonly came!: string;
}

/** RFC 9457. */
export class ProblemReply {
  @ApiProperty({ example: 'urn:lockstep:problem:UnknownWorkflow' })
  readonly type!: string;

  @ApiProperty()
  readonly title!: string;

  @ApiProperty()
  readonly status!: number;

  @ApiProperty({ description: 'What happened, and what to do' })
  readonly detail!: string;

  @ApiProperty({ description: 'Path of the request' })
  readonly instance!: string;

  @ApiProperty({ description: 'Stable; docs/reference/errors.md lists all' })
  readonly code!: string;

  @ApiProperty({ description: 'As in the header x-request-id, and in the log' })
  readonly requestId!: string;

  @ApiPropertyOptional({ type: [FieldReply] })
  readonly fields?: FieldReply[];

  @ApiPropertyOptional(OBJECT)
  readonly details?: object;
}
