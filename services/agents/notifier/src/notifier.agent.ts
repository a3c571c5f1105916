import { mailKey, type MailReceipt, type MailRequest, notifier } from '@lockstep/retail/contracts';
import { MailClient } from '@lockstep/retail/shop';
import { Agent, type AnyEffect, type HasEffects, Task, type TaskContext } from '@lockstep/runtime';
import { mailEffect } from './mail.effect.js';

/** Writes to customers, once each. */
@Agent(notifier)
export class NotifierAgent implements HasEffects {
  readonly effects: readonly AnyEffect[];
  private readonly sending: ReturnType<typeof mailEffect>;

  constructor(outbox: MailClient) {
    this.sending = mailEffect(outbox);
    this.effects = [this.sending];
  }

  @Task(notifier.mail, { timeout: '30s' })
  mail(request: MailRequest, task: TaskContext): Promise<MailReceipt> {
    return task.effect(this.sending, { key: mailKey(request), input: request });
  }
}
