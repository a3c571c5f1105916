import type { Stage } from '../system/stage.js';
import { ROLES } from '../programs/program.js';
import { heldTasks } from './held-tasks.js';
import type { PlannedKind } from './kinds.js';
import type { MessageStrikes } from './message-strikes.js';
import { NetworkStrikes } from './network-strikes.js';
import { ProcessStrikes } from './process-strikes.js';
import { RedisStrikes } from './redis-strikes.js';
import type { Striker } from './strike.js';

/** A world that does not answer for longer than this is asked too often before a person is. */
const WORLD_FROZEN_MS = 3000;

/** What injects each kind of fault. */
export function strikersOn(
  { fleet, server, dir, redis, partitions, ways }: Stage,
  messages: MessageStrikes,
): Readonly<Record<PlannedKind, Striker>> {
  const processes = new ProcessStrikes(fleet, () => heldTasks(redis, partitions));
  const store = new RedisStrikes(server, redis, dir);
  const network = new NetworkStrikes(ways);
  return {
    'agent-killed': processes.kill(...ROLES),
    'agent-frozen': processes.freeze(ROLES),
    'agent-clock-jumped': processes.jumpClock,
    'role-replaced': processes.replaceRole,
    'supervisor-killed': processes.kill('supervisor'),
    'supervisor-frozen': processes.freeze(['supervisor']),
    'projector-killed': processes.kill('projector'),
    'projector-frozen': processes.freeze(['projector']),
    'gateway-killed': processes.kill('gateway'),
    'gateway-frozen': processes.freeze(['gateway']),
    'redis-killed': store.kill,
    'redis-frozen': store.freeze,
    'redis-out-of-memory': store.outOfMemory,
    'redis-write-error': store.writeError,
    'connections-cut': network.cut,
    'connections-delayed': network.delay,
    'connections-half-open': network.halfOpen,
    'replies-lost': network.loseReplies,
    'message-repeated': (random) => messages.repeat(redis, random),
    'world-killed': processes.kill('shop'),
    'world-frozen': processes.freeze(['shop'], WORLD_FROZEN_MS),
  };
}
