import type { ActionResult, Job, MailRequest } from '@lockstep/retail/contracts';

const GREETING = 'Here is what we did for you:';
const NOTHING = 'There was nothing for us to do.';

/** The one mail that ends a job. */
export function mailOf(
  { job, database, userId }: Job,
  results: readonly ActionResult[],
): MailRequest {
  const lines = results.map(lineOf);
  const text = lines.length > 0 ? [GREETING, ...lines].join('\n') : NOTHING;
  return { job, database, to: userId, subject: `Your request ${job}`, text };
}

function lineOf({ name, ok, error }: ActionResult): string {
  const action = name.replaceAll('_', ' ');
  return ok ? `- ${action}: done` : `- ${action}: not possible (${error ?? ''})`;
}
