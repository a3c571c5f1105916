import { inOneGo } from '@lockstep/store';
import ms from 'ms';
import { counted } from '../../output/counted.js';
import type { Finding } from '../finding.js';
import type { Patient } from '../patient.js';

/** Far longer than from one round of a supervisor to the next. */
const LATE_MS = 60_000;

/** Whether finished workflows leave when their time has come: what supervisors do. */
export async function checkRetention(patient: Patient): Promise<Finding[]> {
  const subject = 'retention';
  const { retentionMs, nowMs } = patient;
  if (retentionMs === 0) return [{ subject, severity: 'ok', found: 'finished workflows stay' }];
  const { count, firstAtMs } = await endedBefore(patient, nowMs - retentionMs - LATE_MS);
  if (count === 0) return [{ subject, severity: 'ok', found: 'no finished workflow is overdue' }];
  const overdue = ms(nowMs - retentionMs - firstAtMs);
  return [
    {
      subject,
      severity: 'warning',
      found: `${counted(count, 'finished workflow')} overdue to leave, the oldest for ${overdue}`,
      means: 'memory grows: no supervisor is at work, its archive fails, or it works a backlog off',
      advice:
        'start a supervisor, or look at lockstep_retire_total, lockstep_duty_failed_total and its log; ' +
        'say --retention as the supervisors have it',
    },
  ];
}

async function endedBefore(
  { redis, partitions }: Patient,
  atMs: number,
): Promise<{ readonly count: number; readonly firstAtMs: number }> {
  const keys = partitions.tags.map((_, partition) => partitions.ended(partition));
  const counts = await inOneGo(redis, keys, (pipeline, key) => pipeline.zcount(key, '-inf', atMs));
  const firsts = await inOneGo(redis, keys, (pipeline, key) =>
    pipeline.zrange(key, '0', '0', 'WITHSCORES'),
  );
  return {
    count: counts.reduce<number>((sum, count) => sum + Number(count), 0),
    firstAtMs: Math.min(...firsts.map((first) => Number((first as string[])[1] ?? Infinity))),
  };
}
