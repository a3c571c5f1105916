import { BULK, registeredWorkers } from '@lockstep/store';
import ms from 'ms';
import { counted } from '../../output/counted.js';
import type { Finding } from '../finding.js';
import type { Patient } from '../patient.js';

/** Longer than a worker takes to come back from a restart. */
const UNSERVED_MS = 10_000;
const LATE_MS = 60_000;

/** How long work waits for a worker. */
export async function checkInboxes(patient: Patient): Promise<Finding[]> {
  const { census, redis, partitions, isComplete } = patient;
  const roles = new Set([...(await registeredWorkers(redis, partitions))].map(roleOfWorker));
  const late = [...census.oldestMs].flatMap(([inbox, oldestMs]) => {
    const waiting = census.waiting.get(inbox) ?? 0;
    return judged({ inbox, oldestMs, waiting, isServed: roles.has(roleOfInbox(inbox)) });
  });
  return [
    ...(late.length > 0 ? late : [unhurried(census.waiting)]),
    ...(isComplete ? [] : PARTIAL),
  ];
}

interface Waiting {
  readonly inbox: string;
  readonly oldestMs: number;
  readonly waiting: number;
  /** Whether any process of the role is registered. */
  readonly isServed: boolean;
}

function judged({ inbox, oldestMs, waiting, isServed }: Waiting): Finding[] {
  if (oldestMs < (isServed ? LATE_MS : UNSERVED_MS)) return [];
  const found = `${counted(waiting, 'message')} waiting for ${inbox}, the oldest for ${ms(oldestMs)}`;
  if (!isServed) {
    return [
      {
        subject: 'work',
        severity: 'error',
        found,
        means: `no process of the role ${roleOfInbox(inbox)} is registered; nothing is lost`,
        advice: 'start one',
      },
    ];
  }
  return [
    {
      subject: 'work',
      severity: 'warning',
      found,
      means: 'there are too few processes or places for it, or none of that major version',
      advice: 'start more processes of the role, or raise LOCKSTEP_CONCURRENCY',
    },
  ];
}

function unhurried(waiting: ReadonlyMap<string, number>): Finding {
  const count = [...waiting.values()].reduce((sum, each) => sum + each, 0);
  return {
    subject: 'work',
    severity: 'ok',
    found: `${counted(count, 'message')} waiting, none for long`,
  };
}

const PARTIAL: Finding[] = [
  {
    subject: 'work',
    severity: 'note',
    found: 'there are more keys than the doctor looks at: inboxes may be missing here',
    advice: 'lockstep_inbox_oldest_seconds of a supervisor has them all',
  },
];

/** A worker's id is `<role>-<pid>-<random>`. */
const roleOfWorker = (worker: string): string => worker.split('-').slice(0, -2).join('-');

const roleOfInbox = (inbox: string): string => inbox.replace(BULK, '').replace(/@\d+$/, '');
