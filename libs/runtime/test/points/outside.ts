import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BankClient, type BankEntry, ShopClient } from '@lockstep/retail/shop';
import { HttpCalls, PROJECT, type ServiceProcess } from '@lockstep/testing';
import type { Stage } from '../processes/stage.js';

const SAMPLE = join(PROJECT, 'services', 'demo', 'sample');
/** The job of the sample whose order is cancelled. */
const JOB = 'sample-13';

/** What the outside world holds of one run. */
export interface Left {
  /** Of the shop's whole database. */
  readonly digest: string;
  /** How often the shop was asked to cancel. */
  readonly cancellations: number;
  readonly bookings: readonly BankEntry[];
}

/** The shop and the bank, a process of their own that nobody kills, and one door to them that counts. */
export class Outside implements AsyncDisposable {
  private readonly cancellations = new Map<string, number>();
  private door: HttpCalls | undefined;

  private constructor(
    private readonly shop: ServiceProcess,
    private readonly folder: string,
    /** Digest of the database when the job is done, as the sample tells. */
    readonly digestAfter: string,
  ) {}

  static async start(stage: Stage): Promise<Outside> {
    const folder = await mkdtemp(join(tmpdir(), 'lockstep-shop-'));
    const shop = await stage.service('shop', { SHOP_DATA_DIR: folder, LOCKSTEP_HTTP_PORT: '0' });
    const expected = JSON.parse(await readFile(join(SAMPLE, 'expected.json'), 'utf8')) as {
      readonly id: string;
      readonly digest: string;
    }[];
    const { digest } = expected.find(({ id }) => id === JOB)!;
    const outside = new Outside(shop, folder, digest);
    outside.door = await HttpCalls.to(Number(new URL(shop.url).port), {
      leaves: ({ name }) => outside.counted(name),
      returns: () => 'passed',
    });
    return outside;
  }

  get port(): number {
    return this.door!.port;
  }

  async left(database: string): Promise<Left> {
    const { url } = this.shop;
    const [digest, bookings] = await Promise.all([
      new ShopClient(url).digest(database),
      new BankClient(url).bookings({ database }),
    ]);
    return { digest, cancellations: this.cancellations.get(database) ?? 0, bookings };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.door?.[Symbol.asyncDispose]();
    await this.shop[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true });
  }

  private counted(name: string): 'passed' {
    const database = /^POST \/databases\/([^/]+)\/tools\/cancel_pending_order$/.exec(name)?.[1];
    if (database !== undefined)
      this.cancellations.set(database, (this.cancellations.get(database) ?? 0) + 1);
    return 'passed';
  }
}
