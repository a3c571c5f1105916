import { durabilityOf, hazardsOf, readServer, type ServerState } from '@lockstep/store';
import type { Redis } from 'ioredis';
import type { Finding } from '../finding.js';

const SUBJECT = 'redis';
/** Parts of maxmemory. */
const NEARLY_FULL = 0.8;
const FULL = 0.95;

/** What the server is, and how it is set. */
export async function checkServerState(redis: Redis): Promise<Finding[]> {
  const state = await readServer(redis);
  const found = [...hazards(state), ...role(state), ...files(state), ...memory(state)];
  const sound = `version ${state.version}, ${await durabilityOf(redis, state)}`;
  return found.length > 0 ? found : [{ subject: SUBJECT, severity: 'ok', found: sound }];
}

/** Each says the command that mends it. */
const hazards = (state: ServerState): Finding[] =>
  hazardsOf(state).map(({ message }) => ({
    subject: SUBJECT,
    severity: 'error',
    found: message,
    means: 'services refuse to start against it, unless LOCKSTEP_UNSAFE_REDIS is set',
  }));

function role({ isReplica }: ServerState): Finding[] {
  if (!isReplica) return [];
  return [
    {
      subject: SUBJECT,
      severity: 'error',
      found: 'this server is a replica',
      means: 'every write is refused: nothing goes on',
      advice: 'point LOCKSTEP_REDIS_URL at the master',
    },
  ];
}

function files({ writesFile }: ServerState): Finding[] {
  if (writesFile) return [];
  return [
    {
      subject: SUBJECT,
      severity: 'error',
      found: 'the last write of its append-only file or snapshot failed',
      means: 'acknowledged work may be lost with a restart, and writes may be refused',
      advice: 'look at the disk and the log of Redis; INFO persistence says which write it was',
    },
  ];
}

function memory({ usedBytes, maxBytes }: ServerState): Finding[] {
  if (maxBytes === null || usedBytes < maxBytes * NEARLY_FULL) return [];
  const percent = Math.round((100 * usedBytes) / maxBytes);
  return [
    {
      subject: SUBJECT,
      severity: usedBytes < maxBytes * FULL ? 'warning' : 'error',
      found: `memory is ${percent} % full`,
      means: 'when it is full, starts and claims are refused first; what is under way may end',
      advice: 'raise maxmemory, or let finished workflows leave sooner',
    },
  ];
}
