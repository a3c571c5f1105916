import type { ClaimId, WorkerId, WorkflowId } from '@lockstep/kernel';
import { startOf } from '../../support/scene.js';
import type { Call, Run } from '../run.js';
import { pick } from './picks.js';

export function startCall(run: Run, wf: string, digest: string): Call {
  const given = startOf({ wf: wf as WorkflowId, digest });
  return {
    name: 'start',
    args: given,
    onModel: (model) => model.start(given),
    onStore: () => run.store.start(given),
  };
}

export function claimCall(
  run: Run,
  p: { at: number; worker: string; old: boolean; deadlineMs: number },
): Call | undefined {
  const message = pick(run.model.inbox, p.at);
  if (!message) return undefined;
  const token = `c${run.history.length}`;
  const given = {
    wf: message.wf,
    task: message.task,
    dispatch: p.old ? message.dispatch - 1 : message.dispatch,
    claim: token as ClaimId,
    worker: p.worker as WorkerId,
    beat: run.beats.get(p.worker) ?? 0,
    inbox: 'orders@1',
    deadlineMs: p.deadlineMs,
  };
  const { wf, task } = message;
  // A message of an earlier dispatch is gone by now.
  const id = p.old ? 'm0' : message.id;
  return {
    name: 'claim',
    args: { ...given, message: id },
    onModel: (model) => {
      const reply = model.claim({ ...given, message: id });
      const known = run.claims.some((claim) => claim.token === token);
      if (reply.reply === 'ok' && !known)
        run.claims.push({ wf, task, token, worker: p.worker, epoch: reply.epoch });
      return reply;
    },
    onStore: () => run.store.claim({ ...given, message: run.serverId(id) }),
  };
}
