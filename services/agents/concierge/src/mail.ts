import type { RolledBack } from '@lockstep/contracts';
import type { ActionResult, Job, MailRequest } from '@lockstep/retail/contracts';

const GREETING = 'Here is what we did for you:';
const NOTHING = 'There was nothing for us to do.';

/** The one mail that ends a job. */
export function mailOf(job: Job, results: readonly ActionResult[]): MailRequest {
  const lines = results.map(lineOf);
  return mail(job, lines.length > 0 ? [GREETING, ...lines].join('\n') : NOTHING);
}

/** The one mail of a job that was undone: that nothing was done, and why. */
export function apologyOf({ request, cause: { error, reason } }: RolledBack): MailRequest {
  return mail(request as unknown as Job, `Nothing was done: ${error?.[0]?.message ?? reason}`);
}

function mail({ job, database, userId }: Job, text: string): MailRequest {
  return { job, database, to: userId, subject: `Your request ${job}`, text };
}

function lineOf({ name, ok, error }: ActionResult): string {
  const action = name.replaceAll('_', ' ');
  return ok ? `- ${action}: done` : `- ${action}: not possible (${error ?? ''})`;
}
