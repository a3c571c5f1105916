import { randomFrom, shuffled } from '@lockstep/testing';

/** Which of the jobs a run does; all of them where nothing is said. */
export interface Part {
  /** So many, from the first on. */
  readonly jobs?: number;
  /** So many, all that there are of customers drawn by the seed. */
  readonly sample?: number;
  readonly seed: number;
}

/** The jobs of a part, in their order. */
export function partOf<Job extends { readonly userId: string }>(
  jobs: readonly Job[],
  { jobs: first, sample, seed }: Part,
): readonly Job[] {
  if (sample === undefined) return jobs.slice(0, first);
  const drawn = shuffled([...Map.groupBy(jobs, ({ userId }) => userId).values()], randomFrom(seed));
  const kept = new Set(drawn.flat().slice(0, sample));
  return jobs.filter((job) => kept.has(job));
}
