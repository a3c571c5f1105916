// All checks, one after the other. Each reads only, and a bounded amount.

import { installedPartitions } from '@lockstep/store';
import type { Redis } from 'ioredis';
import type { Gateway } from '../gateway/gateway.js';
import { checkBreakers } from './checks/breakers.js';
import { checkGateway } from './checks/gateway.js';
import { checkInboxes } from './checks/inboxes.js';
import { checkLibraryBuild } from './checks/library.js';
import { checkPeople } from './checks/people.js';
import { checkProjection } from './checks/projection.js';
import { checkRetention } from './checks/retention.js';
import { checkServerState } from './checks/server.js';
import { checkTimers } from './checks/timers.js';
import { checkWorkers } from './checks/workers.js';
import { RedisLost } from './connect.js';
import type { Finding } from './finding.js';
import { admit, type Patient } from './patient.js';

type Check = (patient: Patient) => Finding[] | Promise<Finding[]>;

const CHECKS: Readonly<Record<string, Check>> = {
  projection: checkProjection,
  timers: checkTimers,
  work: checkInboxes,
  workers: checkWorkers,
  people: checkPeople,
  retention: checkRetention,
  breakers: checkBreakers,
};

/** @param retentionMs - as the supervisors have it */
export async function examine(
  redis: Redis,
  gateway: Gateway,
  retentionMs: number,
): Promise<Finding[]> {
  const findings = [
    ...(await tried('redis', () => checkServerState(redis))),
    ...(await tried('library', () => checkLibraryBuild(redis))),
    ...(await tried('gateway', () => checkGateway(gateway))),
  ];
  const partitions = await installedPartitions(redis);
  if (partitions === null) return [...findings, NO_INSTALLATION];
  const patient = await admit(redis, partitions, retentionMs);
  const installed = `${partitions} partitions`;
  findings.push({ subject: 'installation', severity: 'ok', found: installed });
  for (const [subject, check] of Object.entries(CHECKS)) {
    findings.push(...(await tried(subject, () => check(patient))));
  }
  return findings;
}

const NO_INSTALLATION: Finding = {
  subject: 'installation',
  severity: 'error',
  found: 'there is none in this Redis',
  means: 'no service has ever started here',
  advice: 'name the Redis of your services by --redis or LOCKSTEP_REDIS_URL, or start one',
};

/** What could not be looked at is a finding too: a server may refuse a command to this user. */
async function tried(
  subject: string,
  check: () => Finding[] | Promise<Finding[]>,
): Promise<Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name !== 'ReplyError') throw new RedisLost(error);
    const found = `could not look: ${error.message}`;
    return [{ subject, severity: 'warning', found, advice: 'allow this user of Redis to read' }];
  }
}
