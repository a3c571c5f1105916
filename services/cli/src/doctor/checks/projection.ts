// How far the projection is, by what lies in the feeds and what the checkpoints say.

import { FEED_START, inOneGo, isBefore, membersKey } from '@lockstep/store';
import ms from 'ms';
import type { Finding } from '../finding.js';
import type { Patient } from '../patient.js';

const PROJECTOR = 'projector';
/** Longer than the longest lease: who was silent for so long is not there. */
const SILENT_MS = 60_000;
const LATE_MS = 5000;
const VERY_LATE_MS = 60_000;
/** Far longer than from one trim to the next. */
const UNTRIMMED_MS = 120_000;

/** One partition's feed and how far it was read; times are those of its entries, unit ms. */
interface Feed {
  readonly checkpoint: string;
  readonly oldest: string;
}

export async function checkProjection(patient: Patient): Promise<Finding[]> {
  return [await projector(patient), lag(patient), trimming(await feedsOf(patient))];
}

async function projector({ redis, nowMs }: Patient): Promise<Finding> {
  const alive = await redis.zcount(membersKey(PROJECTOR), nowMs - SILENT_MS, '+inf');
  if (alive > 0) return { subject: 'projector', severity: 'ok', found: `${alive} at work` };
  return {
    subject: 'projector',
    severity: 'error',
    found: 'none has said anything for a minute',
    means: 'views and lists stand still; workflows themselves go on',
    advice: 'start one, or look at the log of the one that should run',
  };
}

function lag({ census: { unprojectedMs: lateMs } }: Patient): Finding {
  const severity = lateMs < LATE_MS ? 'ok' : lateMs < VERY_LATE_MS ? 'warning' : 'error';
  const found = `views are ${ms(lateMs)} behind`;
  if (severity === 'ok') return { subject: 'views', severity, found };
  return {
    subject: 'views',
    severity,
    found,
    means: 'lists and views show what was; logs, results and streams are current',
    advice:
      'start another projector; lockstep_projector_failed_total and its log say whether it fails',
  };
}

function trimming(feeds: readonly Feed[]): Finding {
  const behindMs = feeds.map(({ checkpoint, oldest }) =>
    isBefore(oldest, checkpoint) ? timeOf(checkpoint) - timeOf(oldest) : 0,
  );
  const most = Math.max(0, ...behindMs);
  if (most < UNTRIMMED_MS) return { subject: 'feed', severity: 'ok', found: 'is trimmed' };
  return {
    subject: 'feed',
    severity: 'warning',
    found: `has not been trimmed for ${ms(most)} of what was read`,
    means: 'it grows; no supervisor is at work, or its duty `trim` fails',
    advice: 'start a supervisor, or look at its log and lockstep_duty_failed_total',
  };
}

async function feedsOf({ redis, partitions }: Patient): Promise<Feed[]> {
  const all = [...partitions.tags.keys()];
  const leases = all.map((partition) => partitions.lease(partition, PROJECTOR));
  const checkpoints = (await inOneGo(redis, leases, (pipeline, lease) =>
    pipeline.hget(lease, 'checkpoint'),
  )) as (string | null)[];
  const firsts = await inOneGo(redis, all, (pipeline, partition) =>
    pipeline.xrange(partitions.feed(partition), '-', '+', 'COUNT', 1),
  );
  return all.map((partition) => {
    const checkpoint = checkpoints[partition] ?? FEED_START;
    return { checkpoint, oldest: idOf(firsts[partition]) ?? checkpoint };
  });
}

const idOf = (entries: unknown): string | null => (entries as [id: string][])[0]?.[0] ?? null;

/** An entry's id begins with the time when it was written. */
const timeOf = (id: string): number => Number.parseInt(id, 10);
