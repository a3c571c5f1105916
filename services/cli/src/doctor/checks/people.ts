import { counted } from '../../output/counted.js';
import type { Finding } from '../finding.js';
import type { Patient } from '../patient.js';

/** What waits for a person, of all tenants. */
export function checkPeople({ census: { workflows, dead } }: Patient): Finding[] {
  return [parked(workflows.get('parked') ?? 0), letters(dead)];
}

function parked(count: number): Finding {
  const subject = 'parked';
  if (count === 0) return { subject, severity: 'ok', found: 'no workflow waits for a person' };
  return {
    subject,
    severity: 'warning',
    found: `${counted(count, 'workflow')} waiting for a person`,
    means: 'they stand still until somebody decides',
    advice: 'lockstep workflow list --status parked, then lockstep workflow show',
  };
}

function letters(dead: ReadonlyMap<string, number>): Finding {
  const subject = 'dead letters';
  const roles = [...dead].filter(([, count]) => count > 0);
  if (roles.length === 0) return { subject, severity: 'ok', found: 'none' };
  return {
    subject,
    severity: 'warning',
    found: roles.map(([role, count]) => `${count} of ${role}`).join(', '),
    means: 'work that failed for good, or a message that nobody could read',
    advice: 'lockstep dead list --by-cause, mend the cause, then lockstep dead redrive',
  };
}
