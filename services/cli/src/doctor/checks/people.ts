import { UnreadableMessages } from '@lockstep/store';
import ms from 'ms';
import { counted } from '../../output/counted.js';
import type { Finding } from '../finding.js';
import type { Patient } from '../patient.js';

/** A probe has answered by then, or has been asked several times. */
const DOUBTED_MS = 60_000;
const MOST_UNREADABLE = 100;

/** What waits for a person, of all tenants. */
export async function checkPeople(patient: Patient): Promise<Finding[]> {
  const { workflows, dead } = patient.census;
  return [
    parked(workflows.get('parked') ?? 0),
    effects(patient),
    letters(dead),
    ...(await unreadable(patient)),
  ];
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

/** A doubt that is young is the daily work of probes. */
function effects({ census: { unsettled, unsettledMs } }: Patient): Finding {
  const subject = 'effects';
  if (unsettled === 0) return { subject, severity: 'ok', found: 'none is in doubt' };
  const found = `${counted(unsettled, 'effect')} in doubt, the oldest for ${ms(unsettledMs)}`;
  if (unsettledMs < DOUBTED_MS) return { subject, severity: 'note', found };
  return {
    subject,
    severity: 'warning',
    found,
    means: 'each may have happened or not; its probe cannot say, or nobody works on it',
    advice: 'lockstep effect list; then lockstep effect settle, or start a worker of the role',
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

async function unreadable({ redis, partitions }: Patient): Promise<Finding[]> {
  const page = { limit: MOST_UNREADABLE };
  const { messages } = await new UnreadableMessages(redis, partitions).list(undefined, page);
  if (messages.length === 0) return [];
  return [
    {
      subject: 'unreadable',
      severity: 'warning',
      found: `${counted(messages.length, 'message')} that nobody could read`,
      means:
        'a task that was delivered by one waits, queued; another program writes here, or another release',
      advice: 'lockstep unreadable list, with an operator’s key',
    },
  ];
}
