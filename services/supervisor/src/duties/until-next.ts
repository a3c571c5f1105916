/**
 * Until the next multiple of a time: so all partitions come together again and again, this process wakes up once for
 * all of them, and their calls share one write.
 */
export const untilNext = (everyMs: number): number =>
  Math.ceil(everyMs - (performance.now() % everyMs));
