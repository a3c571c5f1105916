import { Redis } from 'ioredis';

/** As BullMQ wants it; commands of one turn of the event loop go in one write, as Lockstep's do. */
export const connect = (redisUrl: string): Redis =>
  new Redis(redisUrl, { maxRetriesPerRequest: null, enableAutoPipelining: true });
