import { type Subject, type System, SYSTEMS } from '../subjects/subject.js';

/** Measures one system after the other, several times, so that what else the machine does falls on both. */
export async function inTurn<Result>(
  rounds: number,
  subjects: Readonly<Record<System, Subject>>,
  measure: (subject: Subject) => Promise<Result>,
): Promise<Record<System, Result[]>> {
  const results: Record<System, Result[]> = { lockstep: [], bullmq: [] };
  for (let round = 1; round <= rounds; round += 1)
    for (const system of SYSTEMS)
      results[system].push(await named(system, measure(subjects[system])));
  return results;
}

/** An error tells whose it is. */
async function named<Result>(system: System, measuring: Promise<Result>): Promise<Result> {
  return measuring.catch((cause: unknown) => {
    throw new Error(`${system} could not be measured`, { cause });
  });
}
