import type { JobEnd } from '../feed/gateway-client.js';
import type { Verification } from '../verification/verify.js';

const SHOWN = 10;

/** What is not as it should be, a line each, so that a person knows where to look; empty when all is. */
export function problemsText(
  { verdicts, databases }: Pick<Verification, 'verdicts' | 'databases'>,
  ends: readonly JobEnd[],
  crashes: readonly string[],
): string {
  const jobs = verdicts.flatMap(({ id, areResultsEqual }, at) => {
    const end = ends[at];
    if (end && 'problem' in end) return [`${id}: ${end.problem}`];
    return areResultsEqual ? [] : [`${id}: its results are not as expected`];
  });
  const wrong = databases.filter(({ isEqual }) => !isEqual);
  const lines = [...jobs, ...wrong.map(({ name }) => `${name}: not as expected`), ...crashes];
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : [];
  return [...lines.slice(0, SHOWN), ...more].join('\n');
}
