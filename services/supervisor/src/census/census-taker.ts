import type { Metrics } from '@lockstep/host';
import type { Partitions } from '@lockstep/store';
import type { Redis } from 'ioredis';
import { CensusGauges } from './census-gauges.js';
import { takeCensus } from '@lockstep/store';
import type { NameSearch } from '@lockstep/store';

const TAKEN_EVERY_MS = 5000;
/** Until the names are known. */
const TAKEN_FIRST_MS = 500;

/** Takes a census again and again, and shows it. */
export class CensusTaker {
  private readonly gauges: CensusGauges;

  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
    private readonly search: Pick<NameSearch, 'names'>,
    metrics: Metrics,
  ) {
    this.gauges = new CensusGauges(metrics);
  }

  /** Answers when the next one is due, unit ms. @throws what the store threw; nothing is shown then */
  async take(): Promise<number> {
    const { names } = this.search;
    try {
      this.gauges.show(names && (await takeCensus(this.redis, this.partitions, names)));
      return names ? TAKEN_EVERY_MS : TAKEN_FIRST_MS;
    } catch (error) {
      this.gauges.show(null);
      throw error;
    }
  }
}
