import type { Metrics } from '@lockstep/host';
import type { Partitions } from '@lockstep/store';
import type { Redis } from 'ioredis';
import { CensusGauges } from './census-gauges.js';
import { takeCensus } from './census.js';
import { findNames, type Names, NO_NAMES } from './names.js';

const TAKEN_EVERY_MS = 5000;
/** Looking for names goes through all keys of the server. */
const NAMES_EVERY_MS = 30_000;

/** Takes a census again and again, and shows it. */
export class CensusTaker {
  private readonly gauges: CensusGauges;
  private names: Names = NO_NAMES;
  private namesAtMs = -Infinity;

  constructor(
    private readonly redis: Redis,
    private readonly partitions: Partitions,
    metrics: Metrics,
  ) {
    this.gauges = new CensusGauges(metrics);
  }

  /** Answers when the next one is due, unit ms. @throws what the store threw; nothing is shown then */
  async take(): Promise<number> {
    try {
      this.gauges.show(await takeCensus(this.redis, this.partitions, await this.knownNames()));
      return TAKEN_EVERY_MS;
    } catch (error) {
      this.gauges.show(null);
      throw error;
    }
  }

  private async knownNames(): Promise<Names> {
    if (performance.now() - this.namesAtMs > NAMES_EVERY_MS) {
      this.names = await findNames(this.redis, this.partitions);
      this.namesAtMs = performance.now();
    }
    return this.names;
  }

  /** The inboxes of a partition that were found. */
  inboxesOf(partition: number): readonly string[] {
    const { inboxes } = this.names;
    return inboxes.filter((inbox) => inbox.partition === partition).map(({ name }) => name);
  }
}
