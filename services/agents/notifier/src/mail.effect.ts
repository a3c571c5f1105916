import type { MailReceipt, MailRequest } from '@lockstep/retail/contracts';
import { acting, EFFECT_TIMES, MAIL, PATIENT } from '@lockstep/retail/effects';
import type { MailClient } from '@lockstep/retail/shop';
import { effect } from '@lockstep/runtime';

/** One mail to a customer. What is sent cannot be taken back, and a rollback tells by another one. */
export const mailEffect = (outbox: MailClient) =>
  effect<MailRequest, MailReceipt>('mail', {
    ...EFFECT_TIMES,
    retry: PATIENT,
    target: MAIL,
    risk: 'low',
    preview: ({ to, subject, text }) => ({ before: null, after: { to, subject, text } }),
    perform: ({ database, to, subject, text }, io) =>
      acting(io, async ({ key, signal }) => {
        await outbox.send({ reference: key, database, to, subject, text }, { signal });
        return { reference: key };
      }),
    probe: async (_, { key, signal }) =>
      (await outbox.sent(key, { signal }))
        ? { happened: true, receipt: { reference: key } }
        : { happened: false },
    compensate: 'not-needed',
  });
