import ms from 'ms';
import type { Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const LATE_MS = 5000;
const VERY_LATE_MS = 60_000;

/** Whether timers and deadlines are fired: what supervisors do. */
export function checkTimers({ census: { timers, overdueMs } }: Patient): Finding[] {
  const subject = 'timers';
  if (overdueMs < LATE_MS) return [{ subject, severity: 'ok', found: `${timers} set, none late` }];
  return [
    {
      subject,
      severity: overdueMs < VERY_LATE_MS ? 'warning' : 'error',
      found: `the oldest that is due is ${ms(overdueMs)} late`,
      means: 'sleeps, retries and deadlines stand still: no supervisor is at work, or it is stuck',
      advice: 'start a supervisor, or look at the log and /health/live of the one that runs',
    },
  ];
}
