import type { View } from '../../../src/index.js';
import type { Call, Run } from '../run.js';
import { pickLate } from './picks.js';

export function leaseCall(run: Run, p: { owner: string; leaseMs: number }): Call {
  const given = [0, 'views', p.owner, p.leaseMs] as const;
  return {
    name: 'lease',
    args: given,
    onModel: (model) => model.lease(...given),
    onStore: async () => {
      const reply = await run.store.lease(...given);
      if (reply.reply === 'taken') return reply;
      return { ...reply, checkpoint: run.modelId(reply.checkpoint) };
    },
  };
}

export function projectCall(
  run: Run,
  p: { owner: string; older: number; entry: number },
): Call | undefined {
  const entry = pickLate(run.model.feed, p.entry);
  const lease = run.model.leases.get('views');
  const { workflows, retired } = run.model;
  const flow = entry && (workflows.get(entry.wf) ?? retired.get(entry.wf));
  if (!entry || !lease || !flow) return undefined;
  const { id: wf, tenant, type, status } = flow;
  const shown = { startedAtMs: 1, digest: '', body: '{}' };
  const view: View = { wf, version: entry.to, tenant, type, status, ...shown };
  const epoch = lease.epoch - p.older;
  return {
    name: 'project',
    args: [p.owner, epoch, entry.id, view],
    onModel: (model) => model.project(0, 'views', p.owner, epoch, entry.id, [view]),
    onStore: () => run.store.project(0, 'views', p.owner, epoch, run.serverId(entry.id), [view]),
  };
}

export function trimCall(run: Run): Call {
  return {
    name: 'trim',
    args: [],
    onModel: (model) => model.trim(0, ['views']),
    onStore: () => run.store.trim(0, ['views']),
  };
}
