// An inbox is kept clean of what nobody can read, and of who no longer reads.

import { GROUP } from '../../../src/index.js';
import { INBOX } from '../../support/scene.js';
import type { Moment } from './moment.js';
import { moment } from './workflows.js';

const letters = { role: 'orders', found: { raw: 'no reference' } };

export const INBOXES: readonly Moment[] = [
  moment('bury: makes an unreadable message a dead letter', async (scene) => {
    const key = scene.partitions.inbox(0, INBOX);
    const id = await scene.redis.xadd(key, '*', 'raw', 'no reference');
    return (store) => store.bury(0, INBOX, id!, letters.found);
  }),
  moment('forget: removes an idle consumer', async (scene) => {
    const key = scene.partitions.inbox(0, INBOX);
    await scene.redis.xgroup('CREATE', key, GROUP, '$');
    await scene.redis.xgroup('CREATECONSUMER', key, GROUP, 'gone');
    return (store) => store.forget(0, INBOX, 0);
  }),
];
