import { type Breaker, BreakerReader } from '@lockstep/store';
import ms from 'ms';
import { counted } from '../../output/counted.js';
import type { Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const SUBJECT = 'breakers';

export async function checkBreakers({ redis, nowMs }: Patient): Promise<Finding[]> {
  const breakers = await new BreakerReader(redis).list();
  const moved = breakers.filter(({ state }) => state !== 'closed');
  if (moved.length > 0) return moved.map((breaker) => told(breaker, nowMs));
  return [
    { subject: SUBJECT, severity: 'ok', found: `${counted(breakers.length, 'target')}, none open` },
  ];
}

function told(
  { target, state, sinceMs, reason, pinned, waiting }: Breaker,
  nowMs: number,
): Finding {
  const since = sinceMs === null ? '' : ` for ${ms(Math.max(0, nowMs - sinceMs))}`;
  const found = `${target} is ${state}${since}, ${waiting} waiting: ${reason ?? ''}`;
  if (state === 'half-open') {
    return { subject: SUBJECT, severity: 'note', found, means: 'probes find out whether it works' };
  }
  return {
    subject: SUBJECT,
    severity: 'warning',
    found,
    means: 'work for it waits and loses no attempt',
    advice: pinned
      ? `when it works again: lockstep breaker close ${target}`
      : 'mend the target; probes close the breaker by themselves',
  };
}
