import type { BegunStep } from '../jobs/diary.js';

/** How work came back after a process was killed; times are from the kill, unit ms. */
export interface Comeback {
  /** Workflows that the killed process held and that went on. */
  readonly held: number;
  /** Until the first workflow that it held had a further step recorded. */
  readonly firstProgressMs: number;
  /** Until all of those had. */
  readonly lastProgressMs: number;
  /** Until all workflows had ended. */
  readonly endMs: number;
  readonly repeatedSteps: number;
}

export interface Kill {
  readonly pid: number;
  readonly killedMs: number;
  readonly endedMs: number;
}

/**
 * What a diary tells of a kill. That a step was recorded shows in the one after it, which begins then.
 *
 * @throws Error when the killed process held nothing
 */
export function comebackOf(diary: readonly BegunStep[], kill: Kill): Comeback {
  const { killedMs, endedMs } = kill;
  const progress = [...byJob(diary).values()].flatMap((lines) => progressMs(lines, kill) ?? []);
  if (progress.length === 0) throw new Error('the killed process held nothing that went on');
  const steps = new Set(diary.map(({ job, step }) => `${job} ${step}`));
  return {
    held: progress.length,
    firstProgressMs: Math.min(...progress) - killedMs,
    lastProgressMs: Math.max(...progress) - killedMs,
    endMs: endedMs - killedMs,
    repeatedSteps: diary.length - steps.size,
  };
}

function byJob(diary: readonly BegunStep[]): Map<string, BegunStep[]> {
  return Map.groupBy(diary, ({ job }) => job);
}

/** When a job that the killed process held had a further step recorded; undefined for others. */
function progressMs(lines: readonly BegunStep[], { pid, killedMs }: Kill): number | undefined {
  const isBefore = ({ atMs, pid: by }: BegunStep): boolean => atMs <= killedMs || by === pid;
  const [before, after] = [lines.filter(isBefore), lines.filter((line) => !isBefore(line))];
  if (before.at(-1)?.pid !== pid) return undefined;
  const [repeated] = after;
  return after.find(({ step }) => repeated !== undefined && step > repeated.step)?.atMs;
}
