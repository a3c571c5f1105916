import { setTimeout as pause } from 'node:timers/promises';
import { inOneGo, registeredWorkers } from '@lockstep/store';
import { counted } from '../../output/counted.js';
import type { Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const SUBJECT = 'workers';
/** A supervisor has removed a dead worker by then, and a living one has come back. */
const AGAIN_MS = 1500;

/** Whether dead workers' tasks are taken back: what supervisors do. */
export async function checkWorkers(patient: Patient): Promise<Finding[]> {
  const suspects = await withoutConnection(patient);
  if (suspects.size > 0) await pause(AGAIN_MS);
  const again = suspects.size > 0 ? await withoutConnection(patient) : suspects;
  const dead = [...again].filter((worker) => suspects.has(worker));
  if (dead.length === 0) {
    const { workers, held } = patient.census;
    return [
      {
        subject: SUBJECT,
        severity: 'ok',
        found: `${workers} alive, ${counted(held, 'task')} held`,
      },
    ];
  }
  const held = await heldBy(patient, dead);
  return [
    {
      subject: SUBJECT,
      severity: held > 0 ? 'error' : 'warning',
      found: `${dead.length} without a connection, holding ${counted(held, 'task')}: ${shortList(dead)}`,
      means:
        'they seem dead, and nobody takes their tasks back; behind a proxy it may be names alone',
      advice: 'start a supervisor, or look at the log of the one that runs',
    },
  ];
}

async function withoutConnection({ redis, partitions }: Patient): Promise<Set<string>> {
  const registered = await registeredWorkers(redis, partitions);
  if (registered.size === 0) return registered;
  const list = String(await redis.client('LIST'));
  const connected = new Set([...list.matchAll(/ name=ls:(\S+)/g)].map(([, worker]) => worker));
  return new Set([...registered].filter((worker) => !connected.has(worker)));
}

async function heldBy({ redis, partitions }: Patient, workers: readonly string[]): Promise<number> {
  const keys = workers.flatMap((worker) =>
    partitions.tags.map((_, partition) => partitions.held(partition, worker)),
  );
  const counts = await inOneGo(redis, keys, (pipeline, key) => pipeline.scard(key));
  return counts.reduce<number>((sum, count) => sum + Number(count), 0);
}

const MOST_NAMES = 5;

const shortList = (names: readonly string[]): string =>
  [...names.slice(0, MOST_NAMES), ...(names.length > MOST_NAMES ? ['…'] : [])].join(', ');
