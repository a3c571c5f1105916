import { randomUUID } from 'node:crypto';
import { FlowProducer, type FlowJob, type JobsOptions, Queue, QueueEvents } from 'bullmq';
import type { JobClient } from '../driver/job-client.js';
import type { Drive } from '../driver/drive.js';
import { type JobKind, PARTS, TEXT } from '../jobs/jobs.js';
import { connect } from './connection.js';
import { LAST_QUEUE, QUEUES } from './queues.js';

type Add = (ids: readonly string[], options: JobsOptions) => Promise<unknown>;

export class BullmqClient implements JobClient {
  onEnded: JobClient['onEnded'] = () => undefined;
  lastEnded: string | undefined;
  private readonly inFlight = new Set<string>();
  private seen = 0;

  private constructor(
    private readonly add: Add,
    private readonly options: JobsOptions,
  ) {}

  static async open({ kind, redisUrl, walk, keepsEnded }: Drive): Promise<BullmqClient> {
    const connection = connect(redisUrl);
    // What is kept of a job that has ended costs time, so that it is only where a measurement asks for it.
    const options = { removeOnComplete: !keepsEnded };
    const client = new BullmqClient(adders[kind]({ connection, data: walk }), options);
    const events = new QueueEvents(LAST_QUEUE[kind], { connection: connect(redisUrl) });
    events.on('completed', ({ jobId }) => {
      client.completed(jobId);
    });
    await events.waitUntilReady();
    return client;
  }

  async start(count: number): Promise<void> {
    const ids = Array.from({ length: count }, () => randomUUID());
    for (const id of ids) this.inFlight.add(id);
    await this.add(ids, this.options);
  }

  /** Events come one by one, those of one read in one turn. */
  private completed(jobId: string): void {
    if (!this.inFlight.delete(jobId)) return;
    this.lastEnded = jobId;
    this.seen += 1;
    if (this.seen > 1) return;
    const atMs = performance.now();
    queueMicrotask(() => {
      const count = this.seen;
      this.seen = 0;
      this.onEnded(count, atMs);
    });
  }
}

interface AdderProps {
  readonly connection: ReturnType<typeof connect>;
  readonly data: object;
}

const toQueue = (name: string, { connection, data }: AdderProps): Add => {
  const queue = new Queue(name, { connection });
  return (ids, options) => {
    const jobs = ids.map((jobId) => ({ name, data, opts: { ...options, jobId } }));
    const [first] = jobs;
    // One alone needs no transaction around it.
    return first && jobs.length === 1 ? queue.add(name, data, first.opts) : queue.addBulk(jobs);
  };
};

const adders: Record<JobKind, (props: AdderProps) => Add> = {
  walk: (props) => toQueue(QUEUES.walk[0], props),
  relay: (props) => toQueue(QUEUES.relay[0], { ...props, data: { number: 0, text: TEXT } }),
  share: ({ connection }) => {
    const flows = new FlowProducer({ connection });
    return (ids, opts) => flows.addBulk(ids.map((jobId) => flowOf({ ...opts, jobId }, opts)));
  },
};

function flowOf(opts: JobsOptions, childOpts: JobsOptions): FlowJob {
  const children = Array.from({ length: PARTS }, (_, number) => ({
    ...{ name: 'part', queueName: 'part', data: { number, text: TEXT } },
    opts: childOpts,
  }));
  return { name: 'share', queueName: 'share', data: {}, opts, children };
}
