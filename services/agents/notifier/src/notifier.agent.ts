import { mailKey, type MailReceipt, type MailRequest, notifier } from '@lockstep/retail/contracts';
import { MailClient } from '@lockstep/retail/shop';
import { Agent, Task, type TaskContext } from '@lockstep/runtime';
import { mailEffect } from './mail.effect.js';

/** Writes to customers, once each. */
@Agent(notifier)
export class NotifierAgent {
  constructor(private readonly outbox: MailClient) {}

  @Task(notifier.mail, { timeout: '30s' })
  mail(request: MailRequest, task: TaskContext): Promise<MailReceipt> {
    return task.effect(mailEffect(this.outbox), { key: mailKey(request), input: request });
  }
}
