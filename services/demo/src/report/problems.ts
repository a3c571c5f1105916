import type { JobEnd } from '../feed/gateway-client.js';
import type { Verification } from '../verification/verify.js';

const SHOWN = 10;

/** What is not as it should be, a line each, so that a person knows where to look; empty when all is. */
export function problemsText(
  { verdicts, databases }: Pick<Verification, 'verdicts' | 'databases'>,
  ends: readonly JobEnd[],
  crashes: readonly string[],
): string {
  const jobs = verdicts.flatMap(({ id, must, isEnded, areResultsEqual }, at) => {
    if (!isEnded) return [`${id}: was to ${must}, but ${endText(ends[at])}`];
    return areResultsEqual ? [] : [`${id}: its results are not as expected`];
  });
  const wrong = databases.filter(({ isEqual }) => !isEqual);
  const lines = [...jobs, ...wrong.map(({ name }) => `${name}: not as expected`), ...crashes];
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : [];
  return [...lines.slice(0, SHOWN), ...more].join('\n');
}

function endText(end: JobEnd | undefined): string {
  if (!end) return 'did not end';
  if ('failure' in end) return `was rolled back: ${end.failure}`;
  return 'problem' in end ? end.problem : 'completed';
}
