import { Nothing, role, signal, task, workflow } from '@lockstep/contracts';
import { IsBoolean, IsInt, IsString } from 'class-validator';
import type { WalkPlan } from '../jobs/jobs.js';

export class Walk implements WalkPlan {
  @IsInt() steps!: number;
  @IsInt() stepMs!: number;
  @IsString() diary!: string;
  @IsBoolean() acts!: boolean;
}

/** What one role hands to the next, or asks it for. */
export class Parcel {
  @IsInt() number!: number;
  @IsString() text!: string;
}

/** A walk that then waits, and takes a step more for each signal. */
export class LongWalk {
  @IsInt() steps!: number;
  @IsInt() signals!: number;
}

export const walker = role('walker', {
  walk: task(Walk, Nothing),
  walkFar: task(LongWalk, Nothing),
});

const leg = (name: string) => role(name, { pass: task(Parcel, Nothing) });
export const legs = {
  1: leg('leg-1'),
  2: leg('leg-2'),
  3: leg('leg-3'),
  4: leg('leg-4'),
  5: leg('leg-5'),
} as const;

export const lead = role('lead', { share: task(Nothing, Nothing) });
export const helper = role('helper', { part: task(Parcel, Parcel) });

export const walk = workflow('walk', { root: walker.walk });
export const relay = workflow('relay', { root: legs[1].pass });
export const share = workflow('share', { root: lead.share });
export const longWalk = workflow('long-walk', {
  root: walker.walkFar,
  signals: { goOn: signal(Nothing) },
});
