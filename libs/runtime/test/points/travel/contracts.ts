// What the travel team does: it books over three roles, and its job fails at the end.

import { role, RolledBack, task, workflow } from '@lockstep/contracts';
import { IsString } from 'class-validator';

/** Where the bank keeps what is booked for one run of a job. */
export class Journey {
  @IsString() database!: string;
}

export class Seat extends Journey {
  @IsString() name!: string;
}

/** A booking, as the bank has it. */
export class Booked extends Journey {
  @IsString() reference!: string;
}

export class Counted {
  @IsString() text!: string;
}

/** The roles of one team and their workflows. Teams whose lanes differ share a store and never a task. */
export function teamOf(lane: string) {
  const porter = role(`porter-${lane}`, {
    seat: task(Seat, Booked),
    count: task(Booked, Counted),
    tell: task(RolledBack, Counted),
  });
  const clerk = role(`clerk-${lane}`, {
    seat: task(Seat, Booked),
    hold: task(Seat, Booked),
    putBack: task(Booked, Counted),
  });
  const desk = role(`desk-${lane}`, {
    travel: task(Journey, Counted),
    insist: task(Journey, Counted),
  });
  /** Books, and fails. */
  const travelling = workflow(`travelling-${lane}`, {
    root: desk.travel,
    afterRollback: porter.tell,
  });
  /** Books between steps, the third of which fails for as long as nobody has mended what is wrong. */
  const insisting = workflow(`insisting-${lane}`, { root: desk.insist, onFailure: 'park' });
  return { desk, clerk, porter, travelling, insisting };
}

/** The team that this process is of. */
export const team = teamOf(process.env['LOCKSTEP_LANE'] ?? 'a');
