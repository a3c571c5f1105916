/** What is done to the system, its store, its network and the world around it. */
export const PLANNED_KINDS = [
  'agent-killed',
  'agent-frozen',
  'agent-clock-jumped',
  'role-replaced',
  'supervisor-killed',
  'supervisor-frozen',
  'projector-killed',
  'projector-frozen',
  'gateway-killed',
  'gateway-frozen',
  'redis-killed',
  'redis-frozen',
  'redis-out-of-memory',
  'redis-write-error',
  'connections-cut',
  'connections-delayed',
  'connections-half-open',
  'replies-lost',
  'message-repeated',
  'world-killed',
  'world-frozen',
] as const;
export type PlannedKind = (typeof PLANNED_KINDS)[number];

/** What the outside world does to a part of its calls, in the words of the bank. */
export const WORLD_FAULTS = {
  late: 'world-late',
  unavailable: 'world-unavailable',
  cut: 'world-cut-after-commit',
  'hang-before': 'world-hung-before',
  'hang-after': 'world-hung-after-commit',
  'lookup-down': 'world-look-up-down',
} as const;
export type WorldFault = keyof typeof WORLD_FAULTS;

/** What clients do twice, or against what they began. */
export const OF_CLIENTS = ['start-repeated', 'signal-repeated', 'called-off'] as const;

export type FaultKind =
  PlannedKind | (typeof WORLD_FAULTS)[WorldFault] | (typeof OF_CLIENTS)[number];

/** How often each kind strikes. */
export interface Mix {
  /** Mean number a minute; absent kinds do not strike. */
  readonly perMinute: Readonly<Partial<Record<PlannedKind, number>>>;
  /** Part of the calls to the outside world that meet a fault, 0 to 1. */
  readonly worldRate: number;
}

const PROCESSES = {
  'agent-killed': 26,
  'agent-frozen': 20,
  'agent-clock-jumped': 10,
  'role-replaced': 2,
  'supervisor-killed': 2,
  'supervisor-frozen': 2,
  'projector-killed': 2,
  'projector-frozen': 2,
  'gateway-killed': 2,
  'gateway-frozen': 2,
};
const REDIS = {
  'redis-killed': 1.5,
  'redis-frozen': 1.5,
  'redis-out-of-memory': 1.5,
  'redis-write-error': 1.5,
};
const NETWORK = {
  'connections-cut': 6,
  'connections-delayed': 8,
  'connections-half-open': 3,
  'replies-lost': 8,
};
const MESSAGES = { 'message-repeated': 60 };
const WORLD = { 'world-killed': 1.5, 'world-frozen': 1.5 };
const WORLD_RATE = 0.2;

export const MIXES = {
  all: {
    perMinute: { ...PROCESSES, ...REDIS, ...NETWORK, ...MESSAGES, ...WORLD },
    worldRate: WORLD_RATE,
  },
  processes: { perMinute: PROCESSES, worldRate: 0 },
  redis: { perMinute: scaled(REDIS, 3), worldRate: 0 },
  network: { perMinute: { ...scaled(NETWORK, 2), ...MESSAGES }, worldRate: 0 },
  world: { perMinute: scaled(WORLD, 2), worldRate: 2 * WORLD_RATE },
  none: { perMinute: {}, worldRate: 0 },
} as const satisfies Record<string, Mix>;
export type MixName = keyof typeof MIXES;

function scaled<Kind extends string>(rates: Record<Kind, number>, by: number) {
  const all = Object.entries<number>(rates).map(([kind, rate]) => [kind, rate * by]);
  return Object.fromEntries(all) as Record<Kind, number>;
}
