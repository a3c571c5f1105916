// What a workflow that has ended may not leave in the store.

import type { WorkflowId } from '@lockstep/kernel';
import { BULK, GROUP } from '@lockstep/store';
import { eventually } from '@lockstep/testing';
import type { Stage } from '../processes/stage.js';

/** A message that a killed process had read is claimed by another after some seconds. */
const PATIENCE_MS = 30_000;

/**
 * What is left after some time, in words; nothing when all is as it must be.
 *
 * @param inboxes - of the roles that took part
 */
export async function leftoversOf(
  stage: Stage,
  wf: WorkflowId,
  inboxes: readonly string[],
): Promise<readonly string[]> {
  let found: readonly string[] = [];
  const isClean = async (): Promise<boolean> => {
    found = (
      await Promise.all(
        [inHead, inTimers, inHands, inInboxes(inboxes)].map((look) => look(stage, wf)),
      )
    ).flat();
    return found.length === 0;
  };
  await eventually(isClean, { what: 'nothing is left', timeoutMs: PATIENCE_MS }).catch(() => false);
  return found;
}

type Look = (stage: Stage, wf: WorkflowId) => Promise<readonly string[]>;

/** Marks of effects that stand, dead letters, tasks that wait. */
const inHead: Look = async ({ redis, partitions }, wf) => {
  const { status, ...head } = await redis.hgetall(partitions.head(wf));
  const marks = Object.keys(head).filter((field) => /^(dead|listen):/.test(field));
  const standing = Object.keys(head).filter((field) => field.startsWith('e:'));
  const waits = await redis.keys(partitions.head(wf).replace(/wf:(.*)$/, 'waits:$1:*'));
  return [...marks, ...(status === 'completed' ? [] : standing), ...waits];
};

const inTimers: Look = async ({ redis, partitions }, wf) =>
  (await redis.zrange(partitions.timers(partitions.of(wf)), '0', '-1'))
    .filter((member) => member.startsWith(wf))
    .map((member) => `timer ${member}`);

const inHands: Look = async ({ redis, partitions }, wf) => {
  const partition = partitions.of(wf);
  const workers = await redis.zrange(partitions.workers(partition), '0', '-1');
  const held = await Promise.all(
    workers.map((worker) => redis.smembers(partitions.held(partition, worker))),
  );
  return held
    .flat()
    .filter((member) => member.startsWith(wf))
    .map((member) => `held ${member}`);
};

/** A lane does one job at a time: what is in its inboxes is of this one, or of an earlier one. */
const inInboxes =
  (inboxes: readonly string[]): Look =>
  async ({ redis, partitions }, wf) => {
    const keys = inboxes
      .flatMap((inbox) => [inbox, `${inbox}${BULK}`])
      .map((inbox) => partitions.inbox(partitions.of(wf), inbox));
    return (await Promise.all(keys.map((key) => messagesIn(redis, key)))).flat();
  };

async function messagesIn(redis: Stage['redis'], key: string): Promise<readonly string[]> {
  if ((await redis.exists(key)) === 0) return [];
  const messages = (await redis.xrange(key, '-', '+')).map(([, fields]) => fields.join(' '));
  const groups = await redis.call('XINFO', 'GROUPS', key);
  if ((groups as unknown[]).length === 0) return messages;
  const [pending] = (await redis.xpending(key, GROUP)) as [number];
  return pending === 0 ? messages : [...messages, `${pending} pending in ${key}`];
}
