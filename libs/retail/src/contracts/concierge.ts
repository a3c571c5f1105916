import { role, RolledBack, task } from '@lockstep/contracts';
import { Type } from 'class-transformer';
import {
  IsArray,
  IsBoolean,
  IsHash,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  ValidateNested,
} from 'class-validator';
import { TOOLS, type ToolName } from '../shop/tools.js';
import { MailReceipt } from './notifier.js';
import { PLACE_NAME } from './tool-request.js';

/** One call of a tool, as a job's plan asks for it. */
export class PlannedAction {
  @IsIn(Object.keys(TOOLS))
  name!: ToolName;

  /** Validated as the tool's own when its role is asked. */
  @IsObject()
  arguments!: object;
}

/** A customer's wish with the recorded plan that fulfils it. */
export class Job {
  /** Unique within its database. */
  @Matches(PLACE_NAME)
  job!: string;

  @Matches(PLACE_NAME)
  database!: string;

  @IsString()
  userId!: string;

  /** In order; may be empty. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => PlannedAction)
  actions!: PlannedAction[];
}

/** What became of one action. */
export class ActionResult {
  @IsIn(Object.keys(TOOLS))
  name!: ToolName;

  @IsBoolean()
  ok!: boolean;

  /** The shop's exact text when it refused, or ASKED_BEFORE. */
  @IsOptional()
  @IsString()
  error?: string;

  /** SHA-256 in hex of the canonical JSON of what the tool returned, a refusal's text included. */
  @IsHash('sha256')
  out!: string;
}

export class JobResult {
  /** One for each action, in the plan's order. */
  @ValidateNested({ each: true })
  @Type(() => ActionResult)
  results!: ActionResult[];

  /** Whether a person takes over from here. */
  @IsBoolean()
  transferred!: boolean;
}

/** Several jobs of one customer, each begun when the one before it has ended. */
export class Visit {
  /** In order; may be empty. */
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Job)
  jobs!: Job[];
}

export class VisitResult {
  /** One for each job, in their order. */
  @ValidateNested({ each: true })
  @Type(() => JobResult)
  results!: JobResult[];
}

/** Takes a customer's job, or a visit of several, and hands its parts to the team. */
export const concierge = role('concierge', {
  job: task(Job, JobResult),
  /** Fails with the shop's text as soon as a write is refused. */
  wholeJob: task(Job, JobResult),
  visit: task(Visit, VisitResult),
  /** Tells the customer of a job that was undone. */
  apology: task(RolledBack, MailReceipt),
});
