// Throws all views away and rebuilds them from the logs. Projectors may run meanwhile: they go on behind it.

import { randomBytes } from 'node:crypto';
import { loadConfig, refuseToStart } from '@lockstep/host';
import { checkServer, connectRedis, Partitions, Store } from '@lockstep/store';
import { ProjectorConfig } from './config.js';
import { rebuildPartition } from './rebuild/rebuild-partition.js';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

async function rebuild(): Promise<void> {
  const config = loadConfig(ProjectorConfig, process.env);
  const { redisUrl: url, redisPassword: password, partitions, unsafeRedis } = config;
  const owner = `rebuild-${process.pid}-${randomBytes(6).toString('hex')}`;
  const redis = connectRedis({ url, password, name: owner });
  try {
    await checkServer(redis, { partitions, unsafe: unsafeRedis });
    const store = new Store(redis, new Partitions(partitions));
    for (const partition of store.partitions.tags.keys()) {
      const count = await rebuildPartition(redis, store, { partition, owner }, (wf, error) => {
        say(`${wf} cannot be folded: ${String(error)}`);
      });
      say(`partition ${partition}: ${count} views`);
    }
  } finally {
    redis.disconnect();
  }
}

await rebuild().catch((error: unknown) => refuseToStart('rebuild', error));
