import type { Snapshot } from '../chaos.js';

const EVERY_MS = 5000;

/** Tells how a run goes on, in a line now and then. @returns what the run comes to */
export async function follow<Result>(
  running: Promise<Result>,
  snapshot: () => Snapshot,
): Promise<Result> {
  const timer = setInterval(() => {
    console.log(progressLine(snapshot()));
  }, EVERY_MS);
  try {
    return await running;
  } finally {
    clearInterval(timer);
  }
}

export function progressLine({ leftMs, ended, inFlight, faults, violations }: Snapshot): string {
  return [
    `${Math.ceil(leftMs / 1000)} s left`,
    `programs ${ended} ended, ${inFlight} under way`,
    `faults ${faults}`,
    `violations ${violations}`,
  ].join(' · ');
}
