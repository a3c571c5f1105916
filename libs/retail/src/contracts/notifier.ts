import { role, task } from '@lockstep/contracts';
import { IsNotEmpty, IsString, Matches } from 'class-validator';
import { PLACE_NAME } from './tool-request.js';

export class MailRequest {
  @Matches(PLACE_NAME)
  database!: string;

  @Matches(PLACE_NAME)
  job!: string;

  /** The customer's user id. */
  @IsString()
  to!: string;

  @IsNotEmpty()
  @IsString()
  subject!: string;

  @IsString()
  text!: string;
}

export class MailReceipt {
  /** Under which the outbox finds it. */
  @IsString()
  reference!: string;
}

/** Writes to customers. */
export const notifier = role('notifier', { mail: task(MailRequest, MailReceipt) });
